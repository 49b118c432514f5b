import assert from "node:assert/strict";
import { fillServer } from "../parts/fixture.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "the screens page says in words how each screen is, filters, and follows what happens";
export const publicUrl = "https://capsule.example";

export async function run({ server, page }) {
    const { other } = await fillServer(server);
    // The page's own timers can be hurried; the server's time is real.
    await page.clock.install();
    await signIn(page, server);
    const row = (name) => page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });

    await row("France services Antony").getByText("En ligne").waitFor();
    await row("France services Antony").getByText("Reconnaître un message frauduleux").waitFor();
    assert.match(await row("France services Antony").innerText(), /à l’instant|il y a \d+\s?min/);
    await row("Mairie de Clamart").getByText("Jamais vu").waitFor();
    await row("Mairie de Clamart").getByText("Aucun appareil associé").waitFor();
    assert.equal(await page.getByRole("row").count(), 4);

    // Search forgives accents and case; the count is said.
    await page.getByLabel("Chercher un écran").fill("mediatheque de NANT");
    await page.getByText("1 écran affiché sur 3").first().waitFor();
    assert.equal(await page.getByRole("row").count(), 2);
    await page.getByLabel("Chercher un écran").fill("introuvable");
    await page.getByText("Aucun écran ne correspond").waitFor();
    await page.getByRole("button", { name: "Tout afficher" }).click();
    await page.getByRole("button", { name: /Jamais vu/ }).click();
    await row("Mairie de Clamart").waitFor();
    assert.equal(await row("France services Antony").count(), 0);
    await page.getByRole("button", { name: /Tous/ }).click();

    // Nobody reloads: what a screen reports appears by itself.
    await other.state({ playing: "aide-proche" });
    await page.clock.fastForward(16_000);
    await row("Médiathèque de Nanterre").getByText("Être aidé près de chez vous").waitFor();

    // A session that ends says so, and the way back is kept.
    await page.context().clearCookies();
    await page.clock.fastForward(16_000);
    await page.getByText("Votre session a pris fin").waitFor();
    assert.equal(new URL(page.url()).pathname, "/console/ecrans");
}
