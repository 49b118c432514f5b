import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { findings } from "../parts/browser.mjs";
import { publishContent } from "../parts/fixture.mjs";
import { administrator, createFirstAccount, json, somebody } from "../parts/people.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "an administrator invites, changes and ends; each keeps an account with second factor and tokens; the log tells it all";
export const publicUrl = "https://capsule.example";

// RFC 6238, from its text alone.
function oneTimeCode(base32, at = Date.now()) {
    const bits = [...base32].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
    const hash = createHmac("sha1", key).update(counter).digest();
    return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export async function run({ server, page, out }) {
    await createFirstAccount(server);
    const call = await administrator(server);
    await publishContent(call);
    const look = async (name) => {
        for (const width of [1280, 640, 390]) {
            await page.setViewportSize({ width, height: 900 });
            await page.waitForTimeout(150);
            const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(over <= 0, `${name} at ${width} px is ${over} px too wide`);
            if (width === 640) continue;
            await page.screenshot({ path: join(out, `${name}-${width}.png`), fullPage: true });
            assert.deepEqual(await findings(page), [], `${name} at ${width} px`);
        }
        await page.setViewportSize({ width: 1280, height: 900 });
    };
    const press = (name) => page.getByRole("button", { name, exact: true }).click();

    // An invitation: refusals keep what was typed.
    await signIn(page, server, "/console/personnes");
    await page.getByRole("link", { name: "Inviter une personne" }).click();
    await press("Créer le lien d’invitation");
    await page.getByText("Choisissez un identifiant.").waitFor();
    await page.getByText("Choisissez un rôle.").waitFor();
    await page.getByLabel("Identifiant").fill("claire martin");
    await page.getByLabel("Rôle").selectOption({ label: "Coordination" });
    await press("Créer le lien d’invitation");
    await page.getByText("sans espace.").waitFor();
    await page.getByText("Cochez au moins un EPT ou une commune.").waitFor();
    assert.equal(await page.getByLabel("Identifiant").inputValue(), "claire martin");
    await look("inviter-refus");
    await page.getByLabel("Identifiant").fill(somebody.login);
    await page.getByLabel("Vallée Sud Grand Paris").first().check();
    await press("Créer le lien d’invitation");
    await page.getByText("Cet identifiant est déjà pris").waitFor();
    await page.getByLabel("Identifiant").fill("claire.martin");
    await press("Créer le lien d’invitation");
    const link = page.getByLabel("Lien", { exact: true });
    await link.waitFor();
    const address = await link.inputValue();
    assert.match(address, /^https:\/\/capsule\.example\/console#invitation=[0-9a-f]{64}$/);
    await look("lien-invitation");
    await press("C’est fait");
    await page.getByText("Invitations en attente").waitFor();
    await look("personnes");
    await press("Se déconnecter");

    // Whoever got the link chooses a password and is in; the link is used up then.
    const fragment = new URL(address).hash;
    await page.goto(`${server.origin}/console${fragment}`);
    await page.getByText("Votre identifiant est : claire.martin").waitFor();
    await page.getByLabel("Mot de passe", { exact: true }).fill("motdepasse123");
    await page.getByLabel("Le même mot de passe, une seconde fois").fill("motdepasse123");
    await press("Enregistrer et se connecter");
    await page.getByText("de ceux que l’on essaie en premier").waitFor();
    assert.equal(await page.getByLabel("Mot de passe", { exact: true }).inputValue(), "motdepasse123");
    await look("invitation");
    const password = "la phrase de claire";
    await page.getByLabel("Mot de passe", { exact: true }).fill(password);
    await page.getByLabel("Le même mot de passe, une seconde fois").fill(password);
    await press("Enregistrer et se connecter");
    await page.getByRole("heading", { name: "Écrans" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Personnes" }).count(), 0, "the page is not hers");

    // Her account: second factor with a real code, recovery codes, a token.
    await page.getByRole("link", { name: /^Mon compte/ }).click();
    await page.getByRole("heading", { name: "Double authentification" }).waitFor();
    await press("Activer");
    await page.getByText("Écrivez votre mot de passe actuel.").waitFor();
    await page.locator("#second-password").fill("pas le bon mot de passe");
    await press("Activer");
    await page.getByText("Ce n’est pas votre mot de passe actuel.").waitFor();
    await page.locator("#second-password").fill(password);
    await press("Activer");
    await page.getByRole("img", { name: "QR code de la clé" }).waitFor();
    await look("double-authentification");
    const secret = (await page.locator("form code").first().textContent()).replaceAll(" ", "");
    await page.getByLabel("Code de votre application").fill("000000");
    await press("Confirmer");
    await page.getByText("Ce code ne convient pas.").waitFor();
    await page.getByLabel("Code de votre application").fill(oneTimeCode(secret));
    await press("Confirmer");
    await page.getByRole("heading", { name: "Codes de secours" }).waitFor();
    const recovery = await page.locator(".codes code").allTextContents();
    assert.equal(recovery.length, 10);
    await press("Je les ai notés");
    await page.getByLabel("À quoi sert ce jeton").fill("export du lundi");
    await page.locator("#token-password").fill(password);
    await press("Créer un jeton");
    const token = await page.getByLabel("Jeton", { exact: true }).inputValue();
    const asScript = { Authorization: `Bearer ${token}` };
    assert.equal((await json(server.origin, "GET", "/api/v1/session", undefined, asScript)).role, "evaluator");
    await look("mon-compte");
    await page.getByRole("button", { name: "Supprimer le jeton export du lundi" }).click();
    await page.getByText("Vous n’avez aucun jeton.").waitFor();
    assert.equal((await fetch(`${server.origin}/api/v1/session`, { headers: asScript })).status, 401);

    // Signing in asks for the code; a recovery code does once.
    await press("Se déconnecter");
    await page.getByLabel("Identifiant", { exact: true }).fill("claire.martin");
    await page.getByLabel("Mot de passe", { exact: true }).fill(password);
    await press("Se connecter");
    await page.getByText("Ce compte demande aussi un code.").waitFor();
    await page.getByLabel("Code de votre application").fill("123456");
    await press("Se connecter");
    await page.getByText("Ce code ne convient pas.").waitFor();
    await look("connexion-code");
    await page.getByLabel("Code de votre application").fill(recovery[0].toLowerCase());
    await press("Se connecter");
    await page.getByRole("heading", { name: "Écrans" }).waitFor();

    // A new password: the others' sessions end, this one goes on.
    await page.goto(`${server.origin}/console/compte`);
    await page.getByLabel("Mot de passe actuel").first().fill(password);
    await page.getByLabel("Nouveau mot de passe").fill("une autre phrase à elle");
    await page.getByLabel("Le même mot de passe, une seconde fois").fill("une autre phrase à elle");
    await press("Changer le mot de passe");
    await page.getByText("Votre mot de passe est changé.").first().waitFor();
    await press("Se déconnecter");

    // The link does nothing any more.
    await page.goto(`${server.origin}/console${fragment}`);
    await page.getByText("Ce lien a déjà servi").waitFor();
    await press("Aller à la page de connexion");

    // Two administrators and one account: the second is told, and what she chose stays.
    await signIn(page, server, "/console/personnes");
    await page.getByRole("link", { name: "Modifier claire.martin" }).click();
    await page.getByLabel("Rôle").selectOption({ label: "Contribution" });
    await call("PUT", "/api/v1/people/claire.martin", { role: "evaluator" });
    await press("Enregistrer");
    await page.getByText("a modifié ce compte pendant que vous l’aviez sous les yeux").waitFor();
    assert.equal(await page.getByLabel("Rôle").inputValue(), "contributor");
    await look("modifier-personne");
    await press("Enregistrer");
    await page.getByText("Le rôle de claire.martin est enregistré.").first().waitFor();
    await page.getByRole("link", { name: "Modifier claire.martin" }).click();
    await press("Retirer la double authentification");
    await page.getByText("La double authentification de claire.martin est retirée.").first().waitFor();
    await page.getByRole("link", { name: "Modifier claire.martin" }).click();
    await press("Créer un lien");
    await page.getByText("Lien pour claire.martin").waitFor();
    await press("C’est fait");
    await page.getByRole("link", { name: "Modifier claire.martin" }).click();
    await press("Fermer ce compte");
    await page.getByText("Fermer le compte de claire.martin pour toujours ?").waitFor();
    await press("Oui, fermer le compte");
    await page.getByText("Le compte de claire.martin est fermé.").first().waitFor();
    await page.getByRole("link", { name: `Modifier ${somebody.login}` }).click();
    await page.getByLabel("Rôle").selectOption({ label: "Évaluation" });
    await press("Enregistrer");
    await page.getByText("C’est la dernière personne qui administre la console.").waitFor();

    // The log.
    await page.getByRole("link", { name: "Journal", exact: true }).click();
    await page.getByRole("row").filter({ hasText: "Compte claire.martin" }).first().waitFor();
    const row = page.getByRole("row").filter({ hasText: "Compte claire.martin" }).filter({ hasText: "evaluator" }).first();
    await row.getByText("Avant et après").click();
    await row.getByText("evaluator").first().waitFor();
    await look("journal");
    await page.getByLabel("Objet").selectOption({ label: "Lieu" });
    await press("Afficher");
    await page.getByRole("row").filter({ hasText: "Compte claire.martin" }).first().waitFor({ state: "detached" });
    await page.getByRole("row").filter({ hasText: "Lieu fs-antony" }).first().waitFor();
}
