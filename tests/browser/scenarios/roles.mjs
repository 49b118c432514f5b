import assert from "node:assert/strict";
import { join } from "node:path";
import { findings } from "../parts/browser.mjs";
import { publishContent } from "../parts/fixture.mjs";
import { administrator, createFirstAccount, json, somebody } from "../parts/people.mjs";

export const sentence = "each role finds in its menu what it may do, opens it without a refusal, and is told in words of what is not its own";

const password = "une phrase pour chacun";
const reads = ["Capsules", "Listes", "Publier", "Lieux", "Écrans", "Semaine"];
const roles = {
    administrator: { menu: [...reads, "Message à l’accueil", "Statistiques", "Propositions", "Personnes", "Journal"], first: "Écrans" },
    coordinator: { menu: [...reads, "Message à l’accueil", "Statistiques", "Propositions"], first: "Écrans" },
    contributor: { menu: [...reads, "Statistiques", "Propositions"], first: "Écrans" },
    evaluator: { menu: [...reads, "Statistiques"], first: "Écrans" },
    reception: { menu: ["Message à l’accueil"], first: "Message à l’accueil" },
};
// Opened from a page of the menu, with the least role that may.
const inner = {
    evaluator: ["capsules/modifier?id=mot-de-passe", "listes/modifier?id=accueil", "lieux/modifier?id=fs-antony", "lieux/ecran?id=antony-hall"],
    coordinator: ["lieux/importer", "ecrans/ajouter"],
    administrator: ["personnes", "personnes?inviter", "journal"],
};
const order = ["reception", "evaluator", "contributor", "coordinator", "administrator"];

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    await call("PUT", "/api/v1/playlists/accueil", { title: "Accueil", items: [{ capsule: "mot-de-passe" }, { capsule: "aide-proche" }] });
    await call("PUT", "/api/v1/schedules/accueil", { playlist: "accueil", where: { all: [] }, when: "always" });
    await call("POST", "/api/v1/publish");
    const logins = { administrator: somebody };
    for (const role of order.slice(0, 4)) {
        const login = { reception: "alice", evaluator: "eve", contributor: "karim", coordinator: "claire" }[role];
        const where = role === "reception" ? { site: "fs-antony" } : role === "evaluator" ? {} : { territory: { epts: ["VSGP"], communes: [] } };
        const { link } = await call("POST", "/api/v1/invitations", { login, role, territory: null, ...where });
        await json(server.origin, "POST", "/api/v1/invitations/accept", { secret: link.split("#invitation=")[1], password });
        logins[role] = { login, password };
    }
    const refused = [];
    page.on("response", (response) => response.status() === 403 && refused.push(`${response.request().method()} ${response.url()} on ${page.url()}`));

    for (const [role, { menu, first }] of Object.entries(roles)) {
        await page.goto(`${server.origin}/console`);
        await page.getByLabel("Identifiant", { exact: true }).fill(logins[role].login);
        await page.getByLabel("Mot de passe", { exact: true }).fill(logins[role].password);
        await page.getByRole("button", { name: "Se connecter" }).click();
        await page.getByRole("heading", { level: 1, name: first }).waitFor();
        const links = page.getByRole("navigation", { name: "Pages de la console" }).getByRole("link");
        assert.deepEqual(await links.allTextContents(), menu, role);

        const mine = [...menu.map((label) => ({ label })), ...order.slice(0, order.indexOf(role) + 1).flatMap((least) => (inner[least] ?? []).map((path) => ({ path })))];
        for (const { label, path } of mine) {
            if (label) await links.filter({ hasText: label }).first().click();
            else await page.goto(`${server.origin}/console/${path}`);
            await page.waitForLoadState("networkidle");
            await page.getByText("Chargement").first().waitFor({ state: "detached" });
            assert.equal(await page.getByText("Votre rôle").count(), 0, `${role}: ${label ?? path}`);
            assert.equal(await page.locator(".notice-refusal").count(), 0, `${role}: ${label ?? path}`);
        }
        if (role === "evaluator") {
            await page.goto(`${server.origin}/console/listes/modifier?id=accueil`);
            await page.getByText("Votre compte permet de lire les listes").waitFor();
            assert.ok(await page.getByLabel("Nom de la liste").isDisabled());
            assert.equal(await page.getByRole("button", { name: "Retirer" }).count(), 0);
        }
        for (const least of order.slice(order.indexOf(role) + 1))
            for (const path of inner[least] ?? []) {
                await page.goto(`${server.origin}/console/${path}`);
                await page.getByText("ne comprend pas cette page").waitFor();
            }
        if (role !== "administrator") {
            assert.deepEqual(await findings(page), []);
            await page.screenshot({ path: join(out, `autre-role-${role}.png`), fullPage: true });
            await page.getByRole("link", { name: "Aller à votre première page" }).click();
            await page.getByRole("heading", { level: 1, name: first }).waitFor();
        }
        assert.deepEqual(refused, [], `${role} asks for what is refused`);
        await page.getByRole("button", { name: "Se déconnecter" }).click();
        await page.getByRole("heading", { name: "Se connecter" }).waitFor();
    }
}
