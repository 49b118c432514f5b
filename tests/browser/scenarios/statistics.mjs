import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { capsules, fillServer, parisDate } from "../parts/fixture.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "the statistics equal the rows that the screens sent, say what is not known, and can be exported";

const plain = (text) => text.replace(/[\u00a0\u202f\s]+/g, " ").trim();

export async function run({ server, page }) {
    const { expected } = await fillServer(server);
    await signIn(page, server, "/console/statistiques?periode=30");
    await page.locator(".uplot canvas").waitFor();

    const total = (label) => page.locator(".total").filter({ hasText: label }).locator(".total-value").innerText();
    assert.equal(plain(await total("passages d’une capsule")), plain(expected.total.toLocaleString("fr-FR")));
    assert.equal(plain(await total("Dont complètes")), plain(expected.complete.toLocaleString("fr-FR")));
    assert.equal(plain(await total("Ouvertures du lien")), "Non mesuré", "without a public address nothing is claimed about scans");

    const evidence = plain(await page.locator(".evidence").innerText());
    assert.match(evidence, /3 diffusions \(1 min 24 s\) sans date sûre/);
    assert.match(evidence, /Aucun passage ne manque/);

    const cells = async (heading) =>
        page.getByRole("region", { name: heading }).getByRole("row").evaluateAll((rows) =>
            rows.slice(1).map((row) => [...row.children].slice(0, 2).map((cell) => cell.textContent.trim())));
    for (const [label, showings] of (await cells("Diffusions par capsule")).slice(0, -1)) {
        const id = Object.keys(capsules).find((name) => capsules[name] === label);
        assert.ok(id, `the title is shown, not "${label}"`);
        assert.equal(plain(showings), plain(expected.capsule[id].toLocaleString("fr-FR")));
    }
    assert.equal((await cells("Diffusions par site")).length, Object.keys(expected.site).length + 1);

    // The chart's text alternative: a sentence, and every day's number.
    const sentenceOfChart = await page.getByRole("img", { name: /Diagramme en barres/ }).getAttribute("aria-label");
    assert.ok(plain(sentenceOfChart).includes(`${expected.total} diffusions`), sentenceOfChart);
    await page.getByText("Voir les nombres, jour par jour").click();
    const days = await page.locator(".numbers tbody tr").evaluateAll((rows) =>
        rows.map((row) => [row.querySelector("time").dateTime, Number(row.children[1].textContent.replace(/\D/g, ""))]));
    assert.equal(days.length, 30);
    for (const [date, showings] of days) assert.equal(showings, expected.day[date] ?? 0, date);

    const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: /Diffusions par jour.*CSV/ }).click(),
    ]);
    const file = await readFile(await download.path());
    assert.deepEqual([...file.subarray(0, 3)], [0xef, 0xbb, 0xbf], "the byte-order mark");
    const lines = file.toString("utf8").slice(1).trimEnd().split("\r\n").map((line) => line.split(";"));
    assert.equal(lines[0].slice(0, 5).join(";"), "Du;Au;Jour;Diffusions;Dont complètes");
    assert.equal(lines.length, 31);
    assert.equal(lines.slice(1).reduce((sum, line) => sum + Number(line[3]), 0), expected.total);
    assert.ok(lines.slice(1).every((line) => line.at(-1) === "non mesuré"));

    // Chosen dates stand in the address, wrong ones are refused in words.
    const date = Object.keys(expected.day).sort()[2];
    await page.getByLabel("Dates", { exact: true }).check();
    await page.getByLabel("Du", { exact: true }).fill(date);
    await page.getByLabel("Au (inclus)").fill("2026-01-01");
    await page.getByRole("button", { name: "Afficher", exact: true }).click();
    await page.getByText("La date de fin vient avant la date de début.").waitFor();
    await page.getByLabel("Au (inclus)").fill(date);
    await page.getByRole("button", { name: "Afficher", exact: true }).click();
    await page.waitForURL(`**/console/statistiques?du=${date}&au=${date}`);
    await page.locator(".period-shown", { hasText: "Le " }).waitFor();
    // The period is written before the answer is there.
    const wanted = plain(expected.day[date].toLocaleString("fr-FR"));
    for (let look = 0; look < 100 && plain(await total("passages d’une capsule")) !== wanted; ++look) await page.waitForTimeout(50);
    assert.equal(plain(await total("passages d’une capsule")), wanted);
    await page.reload();
    await page.locator(".uplot canvas").waitFor();
    assert.equal(await page.getByLabel("Dates", { exact: true }).isChecked(), true);

    // Nothing received is said as such.
    const ago = parisDate(Date.now() - 200 * 86_400_000);
    await page.goto(`${server.origin}/console/statistiques?du=${ago}&au=${ago}`);
    await page.getByText("Aucune diffusion n’a été reçue pour cette période.").waitFor();
}
