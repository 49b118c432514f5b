import assert from "node:assert/strict";
import { somebody } from "../parts/people.mjs";

export const sentence = "the first account is made by the one-time link, in words, and what was typed is kept";

export async function run({ server, page }) {
    await page.goto(`${server.origin}/console#premier-compte=${server.secret}`);
    await page.getByRole("heading", { name: "Créer le premier compte" }).waitFor();
    const login = page.getByLabel("Identifiant", { exact: true });
    const password = page.getByLabel("Mot de passe", { exact: true });
    const again = page.getByLabel("Le même mot de passe");
    const create = page.getByRole("button", { name: "Créer le compte" });

    await create.click();
    await page.getByText("Choisissez un identifiant.").waitFor();
    assert.equal(await login.getAttribute("aria-invalid"), "true");
    assert.equal(await login.evaluate((input) => input === document.activeElement), true, "the first refused field has the focus");

    await login.fill(somebody.login);
    await password.fill("trop court");
    await again.fill("trop court");
    await create.click();
    await page.getByText("il en manque 2").waitFor();
    assert.equal(await login.inputValue(), somebody.login);
    assert.equal(await password.inputValue(), "trop court");

    await password.fill(somebody.password);
    await again.fill(somebody.password + "!");
    await create.click();
    await page.getByText("Les deux mots de passe ne sont pas les mêmes.").waitFor();

    await again.fill(somebody.password);
    await create.click();
    await page.getByRole("heading", { name: "Écrans" }).waitFor();
    assert.equal(page.url(), `${server.origin}/console/ecrans`, "the secret is gone from the address");
    await page.getByText("Aucun écran n’est encore enregistré.").waitFor();

    // The link is used up, for whoever finds it later.
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.getByText("Vous êtes déconnecté.").waitFor();
    await page.goto(`${server.origin}/healthz`);
    await page.goto(`${server.origin}/console#premier-compte=${server.secret}`);
    await login.fill("quelquun");
    await password.fill("une autre longue phrase");
    await again.fill("une autre longue phrase");
    await create.click();
    await page.getByText("Ce lien n’est plus valable").waitFor();
    assert.equal(await login.inputValue(), "quelquun");
    await page.getByRole("button", { name: "Aller à la page de connexion" }).click();
    await page.getByRole("heading", { name: "Se connecter" }).waitFor();
}
