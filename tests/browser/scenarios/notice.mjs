import assert from "node:assert/strict";
import { parisDate, publishContent } from "../parts/fixture.mjs";
import { looker } from "../parts/look.mjs";
import { administrator, createFirstAccount, json } from "../parts/people.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "a reception puts up a notice for its own screens with a text and a day, and takes it down";

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    const look = looker(page, out);
    await signIn(page, server, "/console/message");
    await page.getByRole("button", { name: "Afficher le message" }).click();
    await page.getByText("Choisissez le lieu.").waitFor();
    await page.getByText("Écrivez le message.").waitFor();
    await page.getByLabel("Message", { exact: true }).fill("Fermé lundi. ".repeat(20));
    await page.getByText("Le message est trop long de 59 caractères.").waitFor();
    await look("message-refus");
    await page.getByLabel("Lieu").selectOption({ label: "Mairie de Clamart" });
    await page.getByLabel("Message", { exact: true }).fill("Fermé lundi.");
    await page.getByLabel("Demain soir").check();
    await page.getByRole("button", { name: "Afficher le message" }).click();
    await page.getByText("Le message est en ligne.").first().waitFor();
    await look("message");
    const { messages } = await call("GET", "/api/v1/now");
    assert.equal(messages.length, 1);
    assert.deepEqual(messages[0].where, { site: "mairie-clamart" });
    assert.equal(messages[0].text.fr, "Fermé lundi.");
    assert.equal(parisDate(Date.parse(messages[0].until) - 1), parisDate(Date.now() + 86_400_000));
    await page.getByRole("button", { name: "Retirer le message « Fermé lundi. »" }).click();
    await page.getByText("Aucun message en ce moment.").waitFor();
    assert.deepEqual((await call("GET", "/api/v1/now")).messages, []);
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await atReception({ server, page, call, look });
}

// Whoever sits at a reception has this page and no other, for this place and no other: type, choose the evening, done.
async function atReception({ server, page, call, look }) {
    const { link } = await call("POST", "/api/v1/invitations", { login: "rita", role: "reception", site: "fs-antony" });
    await json(server.origin, "POST", "/api/v1/invitations/accept", { secret: link.split("#invitation=")[1], password: "une phrase pour chacun" });
    await call("POST", "/api/v1/notices", { site: "mairie-clamart", text: "Ailleurs.", last_day: parisDate(Date.now()) });
    await page.goto(`${server.origin}/console`);
    await page.getByLabel("Identifiant", { exact: true }).fill("rita");
    await page.getByLabel("Mot de passe", { exact: true }).fill("une phrase pour chacun");
    const began = Date.now();
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByText("France services Antony").first().waitFor();
    assert.equal(await page.getByRole("navigation").getByRole("link").count(), 1);
    assert.equal(await page.getByText("Ailleurs.").count(), 0);
    await page.getByLabel("Message", { exact: true }).fill("De retour à 14 h.");
    await page.getByRole("button", { name: "Afficher le message" }).click();
    await page.getByText("Le message est en ligne.").first().waitFor();
    console.log(`from signing in to the notice: ${Date.now() - began} ms of the machine's time`);
    await look("message-accueil");
    assert.deepEqual((await call("GET", "/api/v1/now")).messages.map((one) => one.where.site).sort(), ["fs-antony", "mairie-clamart"]);
}
