import assert from "node:assert/strict";
import { join } from "node:path";
import { findings } from "../parts/browser.mjs";
import { publishContent } from "../parts/fixture.mjs";
import { administrator, createFirstAccount, json } from "../parts/people.mjs";

export const sentence = "what a contributor proposes is approved or refused with a reason, and each sees what became of it";
export const publicUrl = "https://capsule.example";

const password = "une phrase pour chacun";

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    const add = async (login, standing) => {
        const { link } = await call("POST", "/api/v1/invitations", { login, ...standing });
        await json(server.origin, "POST", "/api/v1/invitations/accept", { secret: link.split("#invitation=")[1], password });
        const { token } = await json(server.origin, "POST", "/api/v1/sessions", { login, password, kind: "token" });
        return (method, path, body) => json(server.origin, method, path, body, { Authorization: `Bearer ${token}` });
    };
    const karim = await add("karim", { role: "contributor", territory: { epts: [], communes: ["92002"] } });
    await add("claire", { role: "coordinator", territory: { epts: ["VSGP"], communes: [] } });
    const proposed = await karim("PUT", "/api/v1/playlists/antony", { title: "À Antony", items: [{ capsule: "mot-de-passe" }] });
    assert.equal(proposed.state, "waiting");
    await karim("PUT", "/api/v1/playlists/antony-soir", { title: "Le soir", items: [] });

    const enter = async (login) => {
        await page.goto(`${server.origin}/console/propositions`);
        await page.getByLabel("Identifiant", { exact: true }).fill(login);
        await page.getByLabel("Mot de passe", { exact: true }).fill(password);
        await page.getByRole("button", { name: "Se connecter" }).click();
        await page.getByRole("heading", { name: "Propositions", level: 1 }).waitFor();
    };
    await enter("claire");
    const first = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Liste antony", exact: true }) });
    const second = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Liste antony-soir" }) });
    await first.getByText("Avant et après").click();
    await first.getByText("À Antony").waitFor();
    await second.getByRole("button", { name: /^Refuser/ }).click();
    await page.getByRole("button", { name: "Refuser la proposition" }).click();
    await page.getByText("Dites en une phrase pourquoi.").waitFor();
    for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(150);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${over} px too wide at ${width}`);
        await page.screenshot({ path: join(out, `propositions-${width}.png`), fullPage: true });
        assert.deepEqual(await findings(page), [], `at ${width} px`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByLabel("Pourquoi ?").fill("La liste est vide.");
    await page.getByRole("button", { name: "Refuser la proposition" }).click();
    await page.getByText("la proposition est refusée").first().waitFor();
    await first.getByRole("button", { name: /^Approuver/ }).click();
    await page.getByText("la proposition est approuvée").first().waitFor();
    assert.equal((await call("GET", "/api/v1/playlists/antony")).title, "À Antony");
    await page.getByRole("button", { name: "Se déconnecter" }).click();

    await enter("karim");
    await page.getByText("« La liste est vide. »").waitFor();
    await page.getByText("Approuvée").waitFor();
}
