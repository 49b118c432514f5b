import assert from "node:assert/strict";
import { publishContent } from "../parts/fixture.mjs";
import { administrator, createFirstAccount } from "../parts/people.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "lists of a thousand capsules and a thousand screens scroll and filter without a wait";

const count = 1000;
const longestMs = 500; // from a key to the rows that it leaves, on a busy machine; what was measured stands in the console's README

export async function run({ server, page }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    const model = await call("GET", "/api/v1/capsules/mot-de-passe");
    const { code: _, ...capsule } = model;
    const numbers = Array.from({ length: count }, (_, index) => index);
    const inTurns = async (work) => {
        for (let at = 0; at < count; at += 8) await Promise.all(numbers.slice(at, at + 8).map(work));
    };
    await inTurns((n) => call("PUT", `/api/v1/capsules/essai-${n}`, { ...capsule, title: { fr: `Essai numéro ${n}` } }));
    await inTurns((n) => call("PUT", `/api/v1/screens/essai-${n}`, { site: "fs-antony", name: `Écran ${n}` }));
    await signIn(page, server, "/console/capsules");

    for (const list of [
        { path: "/console/capsules", label: "Chercher une capsule", word: "numero 777", row: "Essai numéro 777", last: "Un mot de passe solide" },
        { path: "/console/ecrans", label: "Chercher un écran", word: "ecran 777", row: "Écran 777", last: null },
    ]) {
        await page.goto(server.origin + list.path);
        const field = page.getByLabel(list.label);
        await field.waitFor();
        await page.getByText(/^1\s?00\d\s(capsules|écrans)/).first().waitFor();
        if (list.last !== null) {
            for (let turn = 0; turn < 40 && !(await page.getByText(list.last, { exact: true }).count()); turn++) await page.mouse.wheel(0, 20_000), await page.waitForTimeout(60);
            assert.ok(await page.getByText(list.last, { exact: true }).count(), "scrolling reaches the last row");
            await page.evaluate(() => scrollTo(0, 0));
        }
        const slowest = await field.evaluate(async (input, word) => {
            let most = 0;
            for (let length = 1; length <= word.length; length++) {
                const begun = performance.now();
                Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, word.slice(0, length));
                input.dispatchEvent(new Event("input", { bubbles: true }));
                await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
                most = Math.max(most, performance.now() - begun);
            }
            return most;
        }, list.word);
        await page.getByText(list.row, { exact: true }).waitFor();
        console.log(`${list.path}: ${Math.round(slowest)} ms for the slowest key among ${count}`);
        assert.ok(slowest < longestMs, `${list.path}: ${slowest} ms`);
    }
}
