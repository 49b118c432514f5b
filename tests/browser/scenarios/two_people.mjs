import assert from "node:assert/strict";
import { publishContent } from "../parts/fixture.mjs";
import { looker } from "../parts/look.mjs";
import { administrator, createFirstAccount, json } from "../parts/people.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "of two people who change one thing the slower is told by whom and keeps what was typed, and what a contributor saves is proposed";

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    await call("PUT", "/api/v1/playlists/accueil", { title: "Accueil", items: [{ capsule: "mot-de-passe" }] });
    await call("PUT", "/api/v1/sites/mairie", { name: "Mairie", type: "MUNI", commune: "92002", postcode: "92160" });
    const look = looker(page, out);
    await signIn(page, server, "/console/listes/modifier?id=accueil");

    const name = page.getByLabel("Nom de la liste");
    await name.fill("Accueil, le matin");
    await call("PUT", "/api/v1/playlists/accueil", { title: "Accueil, le soir", items: [{ capsule: "mot-de-passe" }, { capsule: "aide-proche" }] });
    const save = page.getByRole("button", { name: "Enregistrer la liste" });
    await save.click();
    await page.getByText("administration vient de changer cette fiche.").waitFor();
    await look("liste-entre-temps");
    assert.equal(await name.inputValue(), "Accueil, le matin");
    assert.equal((await call("GET", "/api/v1/playlists/accueil")).title, "Accueil, le soir");
    await save.click(); // knowingly
    await page.getByText("La liste est enregistrée.").first().waitFor();
    assert.equal((await call("GET", "/api/v1/playlists/accueil")).title, "Accueil, le matin");

    await page.goto(`${server.origin}/console/lieux/modifier?id=mairie`);
    await page.getByLabel("Nom", { exact: true }).fill("Mairie, accueil");
    await call("PUT", "/api/v1/sites/mairie", { name: "Hôtel de ville", type: "MUNI", commune: "92002", postcode: "92160" });
    await page.getByRole("button", { name: "Enregistrer le lieu" }).click();
    await page.getByText("administration vient de changer cette fiche.").waitFor();
    assert.equal((await call("GET", "/api/v1/sites/mairie")).name, "Hôtel de ville");

    await page.goto(`${server.origin}/console/capsules/modifier?id=aide-proche`);
    const title = page.getByLabel("Titre", { exact: true });
    await title.fill("Être aidé, ici");
    await page.getByRole("button", { name: "Rien à déclarer : ni personne reconnaissable, ni voix, ni musique" }).click();
    const { code: _, ...capsule } = await call("GET", "/api/v1/capsules/aide-proche");
    await call("PUT", "/api/v1/capsules/aide-proche", { ...capsule, title: { fr: "Être aidé, là-bas" } });
    await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
    await page.getByText("administration vient de changer cette fiche.").waitFor();
    assert.equal(await title.inputValue(), "Être aidé, ici");
    assert.equal((await call("GET", "/api/v1/capsules/aide-proche")).title.fr, "Être aidé, là-bas");
    await page.getByRole("button", { name: "Enregistrer", exact: true }).click(); // knowingly
    await page.getByText("La capsule est enregistrée.").first().waitFor();
    assert.equal((await call("GET", "/api/v1/capsules/aide-proche")).title.fr, "Être aidé, ici");

    // What somebody adds to a list while a capsule is being described stays in it.
    await page.goto(`${server.origin}/console/capsules/modifier?id=message-frauduleux`);
    await page.getByLabel("Accueil, le matin").check();
    await page.getByRole("button", { name: "Rien à déclarer : ni personne reconnaissable, ni voix, ni musique" }).click();
    await call("PUT", "/api/v1/playlists/accueil", { title: "Accueil, le matin", items: [{ capsule: "mot-de-passe" }, { capsule: "aide-proche" }] });
    await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
    await page.getByText("La capsule est enregistrée.").first().waitFor();
    assert.deepEqual((await call("GET", "/api/v1/playlists/accueil")).items.map((item) => item.capsule), ["mot-de-passe", "aide-proche", "message-frauduleux"]);
    await page.getByRole("button", { name: "Se déconnecter" }).click();

    const { link } = await call("POST", "/api/v1/invitations", { login: "karim", role: "contributor", territory: null });
    await json(server.origin, "POST", "/api/v1/invitations/accept", { secret: link.split("#invitation=")[1], password: "une phrase pour chacun" });
    await page.goto(`${server.origin}/console/listes/modifier?id=accueil`);
    await page.getByLabel("Identifiant", { exact: true }).fill("karim");
    await page.getByLabel("Mot de passe", { exact: true }).fill("une phrase pour chacun");
    await page.getByRole("button", { name: "Se connecter" }).click();
    await name.fill("Accueil, proposé");
    await save.click();
    await page.getByText("Vos changements sont proposés.").first().waitFor();
    assert.equal((await call("GET", "/api/v1/playlists/accueil")).title, "Accueil, le matin");
}
