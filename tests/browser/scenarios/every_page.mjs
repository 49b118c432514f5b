import assert from "node:assert/strict";
import { fillServer } from "../parts/fixture.mjs";
import { looker } from "../parts/look.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "every page is without findings of axe, fits 390 px and 200 % zoom, and is light";
export const publicUrl = "https://capsule.example";

export async function run({ server, page, out }) {
    const look = looker(page, out);

    await page.goto(`${server.origin}/console#premier-compte=${server.secret}`);
    await page.getByRole("heading", { name: "Créer le premier compte" }).waitFor();
    await look("premier-compte");
    await page.getByRole("button", { name: "Créer le compte" }).click();
    await page.getByText("Choisissez un identifiant.").waitFor();
    await look("premier-compte-refus");

    await fillServer(server);

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
    await page.goto(`${server.origin}/console/nulle-part`);
    await page.getByRole("heading", { name: "Page introuvable" }).waitFor();
    await look("introuvable");

    await page.goto(server.origin + "/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await look("visiteurs");
}
