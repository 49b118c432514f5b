import assert from "node:assert/strict";
import { createFirstAccount, somebody } from "../parts/people.mjs";

export const sentence = "a person signs in, walks through the pages and signs out by keyboard alone";

export async function run({ server, page }) {
    await createFirstAccount(server);
    await page.goto(`${server.origin}/console`);
    await page.getByRole("heading", { name: "Se connecter" }).waitFor();
    const tab = () => page.keyboard.press("Tab");
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.id || "");
    const tabTo = async (name) => {
        for (let presses = 0; presses < 30; presses++) {
            await tab();
            if ((await focused()) === name) return;
        }
        assert.fail(`Tab never reaches "${name}"`);
    };
    // Whatever has the focus shows it: an outline that is really drawn.
    const outlined = () =>
        page.evaluate(() => {
            const style = getComputedStyle(document.activeElement.matches("input[type=radio]") ? document.activeElement.nextElementSibling : document.activeElement);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        });

    await tab();
    assert.equal(await focused(), "Aller au contenu", "the first stop is the skip link");
    assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().top >= 0), "which is visible then");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "contenu");

    await tabTo("login");
    assert.ok(await outlined());
    await page.keyboard.type(somebody.login);
    await tabTo("password");
    assert.ok(await outlined());
    await page.keyboard.type("pas le bon mot de passe");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("ne convient pas").waitFor();
    assert.equal(await page.locator("#login").inputValue(), somebody.login);
    await page.waitForFunction(() => document.activeElement?.id === "password");
    await page.keyboard.press("Control+A");
    await page.keyboard.type(somebody.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Écrans" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1", "the new page's title has the focus");

    await page.evaluate(() => document.activeElement.blur());
    await tabTo("Statistiques");
    assert.ok(await outlined());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Statistiques", exact: true }).waitFor();
    assert.equal(await page.title(), "Statistiques – Capsule");
    await tab();
    assert.ok(await outlined(), "the period's choice shows the focus");
    await page.keyboard.press("ArrowRight");
    await page.waitForURL("**/console/statistiques?periode=30");

    await page.evaluate(() => document.activeElement.blur());
    await tabTo("Se déconnecter");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Se connecter" }).waitFor();
    await page.goto(`${server.origin}/console/statistiques`);
    await page.getByRole("heading", { name: "Se connecter" }).waitFor();
}
