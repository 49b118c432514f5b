import assert from "node:assert/strict";
import { join } from "node:path";
import { Device } from "../parts/device.mjs";
import { findings } from "../parts/browser.mjs";
import { administrator, createFirstAccount } from "../parts/people.mjs";
import { publishContent } from "../parts/fixture.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "a screen is added by the code that it shows, and nothing typed is lost on the way";
export const publicUrl = "https://capsule.example";

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    const machine = new Device(server.origin);
    const waiting = await machine.announce();
    assert.match(waiting.code, /^[0-9A-HJKMNP-TV-Z]{8}$/);
    assert.equal(waiting.console, "https://capsule.example/console");

    await signIn(page, server);
    await page.getByRole("link", { name: "Ajouter un écran" }).click();
    const code = page.getByLabel("Code affiché par l’écran");
    const add = page.getByRole("button", { name: "Ajouter l’écran" });
    await code.waitFor();
    await add.click();
    await page.getByText("Écrivez le code affiché par l’écran.").waitFor();
    assert.equal(await code.evaluate((input) => input === document.activeElement), true, "the first refused field has the focus");
    await code.fill("7K3P");
    await page.getByLabel("Lieu").selectOption({ label: "France services Antony" });
    await page.getByLabel("Nom de l’écran").fill("Salle d’attente");
    await add.click();
    await page.getByText("vous en avez écrit 4").waitFor();
    await code.fill(waiting.code === "00000000" ? "00000001" : "00000000");
    await add.click();
    await page.getByText("Aucun écran n’affiche ce code en ce moment.").waitFor();
    assert.equal(await page.getByLabel("Nom de l’écran").inputValue(), "Salle d’attente");
    for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${over} px too wide at ${width}`);
        await page.screenshot({ path: join(out, `ajouter-un-ecran-${width}.png`), fullPage: true });
        assert.deepEqual(await findings(page), [], `at ${width} px`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });

    // As somebody reads it out: in two groups, in small letters.
    await code.fill(`${waiting.code.slice(0, 4)} ${waiting.code.slice(4)}`.toLowerCase());
    await add.click();
    await page.getByText("l’écran est ajouté").waitFor();
    await page.screenshot({ path: join(out, "ecran-ajoute-1280.png"), fullPage: true });
    const enrolled = await machine.announce();
    assert.equal(enrolled.state, "enrolled");
    assert.equal(enrolled.screen, "fs-antony-salle-d-attente");
    assert.equal(JSON.parse(enrolled.root).signed._type, "root");

    // Another machine for the same screen: asked first, then the one before is sent away.
    const successor = new Device(server.origin);
    const second = (await successor.announce()).code;
    await page.getByRole("button", { name: "Ajouter un autre écran" }).click();
    await code.fill(second);
    await page.getByLabel("Lieu").selectOption({ label: "France services Antony" });
    await page.getByLabel("Écran", { exact: true }).selectOption({ label: "Salle d’attente (a déjà un appareil)" });
    await add.click();
    await page.getByText("Cet écran a déjà un appareil.").waitFor();
    assert.equal((await machine.announce()).state, "enrolled");
    await page.getByRole("button", { name: "Remplacer l’appareil" }).click();
    await page.getByText("l’écran est ajouté").waitFor();
    assert.equal((await machine.announce()).state, "revoked");
    assert.equal((await successor.announce()).state, "enrolled");
    await page.getByRole("link", { name: "Voir les écrans" }).click();
    await page.getByRole("row").filter({ has: page.getByText("Salle d’attente") }).waitFor();
}
