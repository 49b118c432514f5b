import assert from "node:assert/strict";
import { capsules, fillServer } from "../parts/fixture.mjs";
import { looker } from "../parts/look.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "every page is without findings of axe, fits 390 px and 200 % zoom, and is light";
export const publicUrl = "https://capsule.example";

const pages = [
    ["capsules", "Capsules"],
    ["capsules/modifier?id=mot-de-passe", "Un mot de passe solide"],
    ["capsules/modifier", "Nouvelle capsule"],
    ["listes", "Listes de lecture"],
    ["listes/modifier?id=accueil", "Accueil, en semaine"],
    ["listes/modifier", "Nouvelle liste"],
    ["publier", "Publier"],
    ["lieux", "Lieux"],
    ["lieux/modifier?id=fs-antony", "France services Antony"],
    ["lieux/modifier", "Nouveau lieu"],
    ["lieux/importer", "Importer une liste de lieux"],
    ["lieux/ecran?id=antony-hall", "Hall"],
    ["lieux/ecran?id=nulle-part", "Lieux"],
    ["ecrans/ajouter", "Ajouter un écran"],
    ["semaine", "La semaine d’un écran"],
    ["message", "Message à l’accueil"],
    ["propositions", "Propositions"],
    ["personnes", "Personnes"],
    ["personnes?inviter", "Inviter une personne"],
    ["journal", "Journal"],
    ["compte", "Mon compte"],
];

export async function run({ server, page, out }) {
    const look = looker(page, out);

    await page.goto(`${server.origin}/console#premier-compte=${server.secret}`);
    await page.getByRole("heading", { name: "Créer le premier compte" }).waitFor();
    await look("premier-compte");
    await page.getByRole("button", { name: "Créer le compte" }).click();
    await page.getByText("Choisissez un identifiant.").waitFor();
    await look("premier-compte-refus");

    const { call } = await fillServer(server);
    await call("PUT", "/api/v1/playlists/accueil", { title: "Accueil, en semaine", items: Object.keys(capsules).map((capsule) => ({ capsule })) });
    await call("PUT", "/api/v1/schedules/accueil", { playlist: "accueil", where: { all: [] }, when: "always" });
    await call("POST", "/api/v1/publish");

    // What the first page weighs on the wire, headers included.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Network.enable");
    let bytes = 0;
    devtools.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
    await devtools.send("Network.clearBrowserCache");
    await page.goto(`${server.origin}/healthz`);
    bytes = 0;
    await page.goto(`${server.origin}/console`, { waitUntil: "networkidle" });
    await page.getByRole("heading", { name: "Se connecter" }).waitFor();
    assert.ok(bytes > 0 && bytes <= 300_000, `the first page is ${bytes} bytes`);
    await look("connexion");

    await signIn(page, server);
    await page.getByText("En ligne").first().waitFor();
    await look("ecrans");
    await page.getByRole("link", { name: "Statistiques" }).click();
    await page.getByLabel("30 jours").check();
    await page.locator(".uplot canvas").waitFor();
    await page.waitForURL("**periode=30");
    await page.getByText("soit 30 jours").waitFor();
    await look("statistiques");
    await page.getByText("Voir les nombres, jour par jour").click();
    await look("statistiques-nombres");
    // All the others, those of the menu first: what is missing here is missing in the list below.
    const menu = await page.getByRole("navigation", { name: "Pages de la console" }).getByRole("link").evaluateAll((links) => links.map((link) => link.pathname));
    const seen = ["/console/ecrans", "/console/statistiques"];
    for (const [path, title] of pages) {
        await page.goto(`${server.origin}/console/${path}`);
        await page.getByRole("heading", { level: 1, name: title }).waitFor();
        await page.waitForLoadState("networkidle");
        await look(path.replace(/[?=/]/g, "-"));
        seen.push(`/console/${path}`);
    }
    assert.deepEqual(menu.filter((path) => !seen.includes(path)), [], "pages of the menu that nobody looked at");
    await page.goto(`${server.origin}/console/nulle-part`);
    await page.getByRole("heading", { name: "Page introuvable" }).waitFor();
    await look("introuvable");

    await page.goto(server.origin + "/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await look("visiteurs");
}
