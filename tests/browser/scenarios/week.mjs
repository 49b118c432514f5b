import assert from "node:assert/strict";
import { join } from "node:path";
import { findings } from "../parts/browser.mjs";
import { publishContent } from "../parts/fixture.mjs";
import { administrator, createFirstAccount } from "../parts/people.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "a coordinator sees a screen's week and asks, by keyboard, what it shows on Tuesday at ten and why";

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    const put = (path, record) => call("PUT", `/api/v1/${path}`, record);
    await put("playlists/accueil", { title: "Accueil, en semaine", items: [{ capsule: "mot-de-passe" }, { capsule: "aide-proche" }] });
    await put("playlists/fraude", { title: "Semaine contre la fraude", items: [{ capsule: "message-frauduleux" }] });
    await put("schedules/defaut", { playlist: "accueil", where: { all: [] }, when: "open", priority: 0 });
    await put("schedules/fraude-mardi", { playlist: "fraude", where: { all: [] }, when: "Tu 10:00-12:00", priority: 5 });
    await put("schedules/fraude-jeudi", { playlist: "fraude", where: { all: [] }, when: "Th 09:00-17:00", priority: 4, share_percent: 30 });
    await put("schedules/cachee", { playlist: "fraude", where: { all: [] }, when: "Tu 10:30-11:00", priority: 1 });
    await call("POST", "/api/v1/publish");

    await page.goto(`${server.origin}/console/semaine?ecran=clamart-accueil&semaine=2027-03-03`);
    await signIn(page, server);
    await page.goto(`${server.origin}/console/semaine?ecran=clamart-accueil&semaine=2027-03-03`);
    await page.getByRole("heading", { name: "La semaine d’un écran" }).waitFor();
    const week = page.getByRole("list", { name: "La semaine, jour par jour" });
    await week.waitFor();
    assert.equal(await week.locator("> li").count(), 7);
    assert.equal(await week.locator("> li").nth(1).getByRole("heading").textContent(), "mardi 2 mars");
    const tuesday = await week.locator("> li").nth(1).getByRole("button").allTextContents();
    assert.deepEqual(
        tuesday.map((text) => text.replace(/\s+/g, " ")),
        [
            "00:00 – 09:00 Écran éteint", "09:00 – 10:00 Accueil, en semaine", "10:00 – 12:00 Semaine contre la fraude",
            "12:00 – 17:00 Accueil, en semaine", "17:00 – 24:00 Écran éteint",
        ],
    );
    assert.match((await week.locator("> li").nth(3).getByRole("button").nth(1).textContent()) ?? "", /Semaine contre la fraude \(30\s%\)/);
    await page.getByText("« cachee » ne passe à aucun moment").waitFor();
    assert.equal(await page.getByRole("combobox").inputValue(), "clamart-accueil");

    // What it shows on Tuesday at ten: typed, with a mistake that is kept and told first.
    await page.locator("#jour").fill("2027-03-02");
    await page.locator("#heure").fill("10 heures");
    await page.keyboard.press("Enter");
    await page.getByText("Indiquez une heure sur ce modèle").waitFor();
    assert.equal(await page.locator("#heure").inputValue(), "10 heures");
    await page.locator("#heure").fill("10:01");
    await page.keyboard.press("Enter");
    await page.getByText(/«\sReconnaître un message frauduleux\s», de 10:0[01]:\d\d à 10:01:\d\d\./).first().waitFor();
    const reasons = page.locator(".week-answer");
    await reasons.getByText(/fraude-mardi.*passe/).waitFor();
    await reasons.getByText(/defaut.*cède la place à «\sfraude-mardi\s»\. La priorité de «\sfraude-mardi\s» est plus haute\s: 5 contre 0\./).waitFor();
    assert.match(page.url(), /moment=2027-03-02T10/);

    // A span of the week, reached and pressed by keyboard, asks for its first minute.
    await week.locator("> li").nth(1).getByRole("button").nth(3).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/moment=2027-03-02T12/);
    await page.getByText(/«\s(Un mot de passe solide|Être aidé près de chez vous)\s», de 12:0[01]:/).first().waitFor();

    for (const width of [1280, 640, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(150);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `at ${width} px it is ${over} px too wide`);
        if (width === 640) continue;
        await page.screenshot({ path: join(out, `semaine-${width}.png`), fullPage: true });
        assert.deepEqual(await findings(page), [], `at ${width} px`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole("button", { name: "Semaine suivante" }).click();
    await page.getByRole("heading", { name: "mardi 9 mars" }).waitFor();
}
