// What several scenarios do as a person would.
import { somebody } from "./people.mjs";

export async function signIn(page, server, path = "/console/ecrans") {
    await page.goto(server.origin + path);
    await page.getByLabel("Identifiant", { exact: true }).fill(somebody.login);
    await page.getByLabel("Mot de passe", { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByRole("button", { name: "Se déconnecter" }).waitFor();
}
