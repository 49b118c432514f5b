import assert from "node:assert/strict";
import { publishContent } from "../parts/fixture.mjs";
import { looker } from "../parts/look.mjs";
import { administrator, createFirstAccount } from "../parts/people.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "what is published is read before in words, refused with what to do, and an earlier state is published again";
export const publicUrl = "https://capsule.example";

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    const look = looker(page, out);
    await signIn(page, server, "/console/publier");

    // Nothing is there: what to do is said in French.
    await page.getByText("Il n’y a aucune liste").waitFor();
    assert.equal(await page.getByRole("button", { name: /^Publier/ }).count(), 0);
    await look("publier-refus");

    await publishContent(call);
    const list = (items, more = {}) => call("PUT", "/api/v1/playlists/accueil", { title: "Accueil, en semaine", items, qr_card_every_ms: 300_000, ...more });
    await list([{ capsule: "mot-de-passe" }, { capsule: "disparue" }]);
    await call("PUT", "/api/v1/schedules/accueil", { playlist: "accueil", where: { all: [] }, when: "open" });
    await page.reload();
    await page.getByText("contient une capsule qui n’existe plus (disparue)").waitFor();

    await list([{ capsule: "mot-de-passe" }, { capsule: "message-frauduleux" }]);
    const far = await call("GET", "/api/v1/screens/clamart-accueil");
    await call("PUT", "/api/v1/screens/clamart-accueil", { ...far, distance_mm: 9000, languages: ["fr", "ar"] });
    await page.reload();
    await page.getByText("Nouvelle liste « Accueil, en semaine »").waitFor();
    await page.getByText("Elle contient : « Un mot de passe solide », « Reconnaître un message frauduleux ».").waitFor();
    await page.getByText("Sur tous les écrans (3).").first().waitFor();
    await page.getByText("il faudrait 900 mm de côté").waitFor();
    await page.getByText("n’a ni version ni sous-titres en arabe").first().waitFor();
    await page.getByText("« Accueil, en semaine » fait le tour en 56 s").waitFor();
    await look("publier");
    await page.getByRole("button", { name: "Publier 2 changements" }).click();
    await page.getByText("C’est publié : publication n° 1.").first().waitFor();

    await list([{ capsule: "aide-proche" }, { capsule: "mot-de-passe", weight: 3 }]);
    await page.reload();
    await page.getByText("Ajoutées : « Être aidé près de chez vous ».").waitFor();
    await page.getByText("Retirées : « Reconnaître un message frauduleux ».").waitFor();
    await page.getByText("« Un mot de passe solide » passe plus souvent").waitFor();
    await page.getByRole("button", { name: "Publier 1 changement" }).click();
    await page.getByText("C’est publié : publication n° 2.").first().waitFor();

    // Back to the first state: asked twice, with what would be lost, and no before yes.
    await list([{ capsule: "aide-proche" }]);
    await page.reload();
    await page.getByRole("button", { name: "Revenir à cet état : publication n° 1" }).click();
    await page.getByText("1 changement préparé et pas encore publié sera remplacé par cet état.").waitFor();
    await look("publier-revenir");
    await page.getByRole("button", { name: "Non, ne rien changer" }).click();
    assert.equal((await call("GET", "/api/v1/publish")).number, 2);
    await page.getByRole("button", { name: "Revenir à cet état : publication n° 1" }).click();
    await page.getByRole("button", { name: "Oui, publier cet état" }).click();
    await page.getByText("C’est publié : publication n° 3.").first().waitFor();
    await page.getByText("Retour à l’état n° 1").waitFor();
    assert.deepEqual((await call("GET", "/api/v1/playlists/accueil")).items.map((item) => item.capsule), ["mot-de-passe", "message-frauduleux"]);
    await look("publier-apres");

    // In English, when that is chosen.
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Publish", exact: true }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    await page.getByText("Nothing has changed since the last publication").waitFor();
    await page.getByRole("button", { name: "Français" }).click();
    await page.getByRole("heading", { name: "Publier", exact: true }).waitFor();
}
