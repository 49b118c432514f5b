import assert from "node:assert/strict";
import { capsules, publishContent } from "../parts/fixture.mjs";
import { looker } from "../parts/look.mjs";
import { administrator, createFirstAccount } from "../parts/people.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "a playlist is made, ordered by mouse and by keyboard, weighed in words, seen for an hour ahead and put somewhere";

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    const look = looker(page, out);
    await signIn(page, server);
    await page.getByRole("link", { name: "Listes", exact: true }).click();
    await page.getByText("Il n’y a pas encore de liste.").waitFor();
    await page.getByRole("link", { name: "Créer une liste" }).click();

    // What is missing is said where it is missing; what was typed stays.
    await page.getByLabel("Sur tous les écrans").check();
    await page.getByRole("button", { name: "Enregistrer la liste" }).click();
    await page.getByText("Donnez un nom à la liste.").waitFor();
    await page.getByText("Ajoutez au moins une capsule").waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "name");
    await look("liste-refus");
    await page.getByLabel("Nom de la liste").fill("Accueil, en semaine");

    await page.getByLabel("Chercher une capsule à ajouter").fill("MOT de");
    await page.getByRole("button", { name: "Ajouter « Un mot de passe solide »" }).click();
    await page.getByLabel("Chercher une capsule à ajouter").fill("");
    for (const name of ["Reconnaître un message frauduleux", "Être aidé près de chez vous"])
        await page.getByRole("button", { name: `Ajouter « ${name} »` }).click();
    const rows = page.getByRole("list", { name: "Capsules de la liste" }).getByRole("listitem");
    const order = async () => {
        const texts = await rows.allInnerTexts();
        return texts.map((text) => Object.keys(capsules).find((id) => text.includes(capsules[id])));
    };
    assert.deepEqual(await order(), ["mot-de-passe", "message-frauduleux", "aide-proche"]);

    // By keyboard: the handle keeps the focus, and the new place is said.
    await page.getByRole("button", { name: /^Déplacer « Être aidé/ }).focus();
    await page.keyboard.press("ArrowUp");
    assert.deepEqual(await order(), ["mot-de-passe", "aide-proche", "message-frauduleux"]);
    await page.getByText("« Être aidé près de chez vous » : position 2 sur 3.").waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label")?.includes("position 2 sur 3"));
    await page.keyboard.press("Home");
    assert.deepEqual(await order(), ["aide-proche", "mot-de-passe", "message-frauduleux"]);
    // By mouse: the last row above the first.
    const from = await page.getByRole("button", { name: /^Déplacer « Reconnaître/ }).boundingBox();
    const to = await rows.first().boundingBox();
    await page.mouse.move(from.x + 10, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 10, to.y + 40, { steps: 6 });
    await page.mouse.move(from.x + 10, to.y + 2, { steps: 3 });
    await page.mouse.up();
    assert.deepEqual(await order(), ["message-frauduleux", "aide-proche", "mot-de-passe"]);

    // The next hour follows: three capsules of 28 s, one of them twice as often.
    await page.getByText("Un tour de la liste dure 1 min 24 s.").waitFor();
    await page.getByLabel("Fréquence de « Reconnaître un message frauduleux »").selectOption({ label: "2 fois plus souvent" });
    await rows.first().getByText(/environ 6[3-6]\s+fois par heure/).waitFor();
    const hour = page.getByRole("list", { name: "Déroulé de la prochaine heure" });
    await page.waitForFunction((list) => list.children.length === 129, await hour.elementHandle());

    // In some places only; nothing chosen is refused in words.
    await page.getByLabel(/^Seulement dans certains lieux/).check();
    await page.getByRole("button", { name: "Enregistrer la liste" }).click();
    await page.getByText("Choisissez au moins un lieu").waitFor();
    await page.getByLabel("Chercher un lieu, une commune, un type ou un territoire").fill("vallee sud");
    await page.getByLabel(/^Vallée Sud Grand Paris/).check();
    await page.getByLabel("À partir du (facultatif)").fill("2027-01-01");
    await page.getByLabel("Jusqu’au, inclus (facultatif)").fill("2026-12-01");
    await page.getByRole("button", { name: "Enregistrer la liste" }).click();
    await page.getByText("La date de fin vient avant la date de début.").waitFor();
    await page.getByLabel("Jusqu’au, inclus (facultatif)").fill("2027-01-31");
    await page.getByRole("button", { name: "Enregistrer la liste" }).click();
    await page.getByText("La liste est enregistrée.").first().waitFor();
    await look("liste");
    const kept = await call("GET", "/api/v1/playlists/accueil-en-semaine");
    assert.deepEqual(kept.items.map((item) => [item.capsule, item.weight ?? 1]), [["message-frauduleux", 2], ["aide-proche", 1], ["mot-de-passe", 1]]);
    assert.deepEqual(await call("GET", "/api/v1/schedules/accueil-en-semaine"), {
        id: "accueil-en-semaine", playlist: "accueil-en-semaine", where: { any: [{ ept: "VSGP" }] }, when: "open", priority: 30,
        from: "2027-01-01", until: "2027-02-01",
    });

    // What was not kept is not lost without a question.
    await page.getByLabel("Nom de la liste").fill("Autre nom");
    page.once("dialog", (dialog) => dialog.dismiss());
    await page.getByRole("link", { name: "Toutes les listes" }).click();
    assert.equal(await page.getByLabel("Nom de la liste").inputValue(), "Autre nom");
    page.once("dialog", (dialog) => dialog.accept());
    await page.getByRole("link", { name: "Toutes les listes" }).click();
    await page.getByRole("row", { name: /Accueil, en semaine/ }).getByText("Vallée Sud Grand Paris").waitFor();
    await look("listes");

    // What the form cannot say stays as it was; the rest is changed.
    await call("PUT", "/api/v1/schedules/matin", { playlist: "accueil-en-semaine", where: { all: [] }, when: "Mo 08:00-10:00", priority: 5 });
    await call("PUT", "/api/v1/playlists/accueil-en-semaine", { ...kept, themes_apart: true });
    await page.goto(`${server.origin}/console/listes/modifier?id=accueil-en-semaine`);
    await page.getByText("suit aussi la programmation « matin »").waitFor();
    assert.equal(await page.getByLabel(/^Seulement dans certains lieux/).isChecked(), true);
    await page.getByLabel("Dans l’ordre de la liste").check();
    await page.getByRole("button", { name: "Enregistrer la liste" }).click();
    await page.getByText("La liste est enregistrée.").first().waitFor();
    const changed = await call("GET", "/api/v1/playlists/accueil-en-semaine");
    assert.equal(changed.order, "listed");
    assert.equal(changed.themes_apart, true);
    assert.equal((await call("GET", "/api/v1/schedules/matin")).when, "Mo 08:00-10:00");

    await page.getByRole("button", { name: "Supprimer la liste" }).click();
    await page.getByRole("button", { name: "Oui, supprimer" }).click();
    await page.getByText("Il n’y a pas encore de liste.").waitFor();
    assert.deepEqual(await call("GET", "/api/v1/schedules"), { schedules: {} });
}
