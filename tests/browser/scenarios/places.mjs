import assert from "node:assert/strict";
import { fillServer } from "../parts/fixture.mjs";
import { looker } from "../parts/look.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "places come from a messy file with nothing lost, are corrected with their hours, and each screen shows how it is and what it showed";

const messy =
    "id;nom;commune;code_postal;code_insee;adresse;latitude;longitude;typologie;horaires\n" +
    "fs-544;France services Pimms;Antony;92160;92002;Place des Baconnets;48.739;2.289;RFS;Mo 10:00-12:00; Tu 14:00-18:00\n".replace("; Tu", ", Tu") +
    "fs-9;France services Sèvres;Sèvres;92310;92072;1 rue;48.82;2.21;RFS;quand il fait beau\n" +
    ";Sans identifiant;Nanterre;92000;92050;3 rue;48.89;2.2;RFS;\n";

export async function run({ server, page, out }) {
    const { call } = await fillServer(server);
    const look = looker(page, out);
    await signIn(page, server);
    await page.getByRole("link", { name: "Lieux", exact: true }).click();
    await page.getByText("3 lieux").waitFor();
    await page.getByText("lun.–ven. 9:00–17:00").first().waitFor();
    await page.getByLabel("Chercher un lieu").fill("vallee antony");
    await page.getByText("1 lieu sur 3").first().waitFor();
    await page.getByLabel("Chercher un lieu").fill("");
    await look("lieux");

    // A file: first tried out, row by row; a file that is none is refused in words.
    await page.getByRole("link", { name: "Importer une liste de lieux" }).click();
    const choose = page.locator("#places-file");
    await choose.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("des notes\nsans colonnes\n") });
    await page.getByText("Ce fichier ne peut pas être lu.").waitFor();
    await choose.setInputFiles({ name: "lieux.csv", mimeType: "text/csv", buffer: Buffer.from(messy) });
    await page.getByText("2 lieux nouveaux").first().waitFor();
    await page.getByText("1 ligne refusée").first().waitFor();
    await page.getByText("Identifiant : manque.").waitFor();
    await page.getByText("« quand il fait beau » ne peut pas être lu").waitFor();
    await look("lieux-import");
    const refused = page.waitForEvent("download");
    await page.getByRole("button", { name: "Télécharger les lignes refusées (CSV)" }).click();
    assert.equal((await refused).suggestedFilename(), "lignes-refusees.csv");
    assert.equal(Object.keys((await call("GET", "/api/v1/sites")).sites).length, 3, "nothing is kept yet");
    await page.getByRole("button", { name: "Importer 2 lieux" }).click();
    await page.getByText("2 lieux importés.").first().waitFor();
    await page.getByRole("link", { name: "Voir les lieux" }).click();
    await page.getByText("5 lieux").waitFor();

    // Hours are corrected in a table; what cannot be is told by its day.
    await page.getByRole("link", { name: "France services Sèvres" }).click();
    await page.getByText("quand il fait beau").waitFor();
    await page.getByRole("button", { name: "Les remplacer par le tableau de la semaine" }).click();
    await page.getByLabel("lundi, plage 1, de").fill("9h");
    await page.getByRole("button", { name: "Enregistrer le lieu" }).click();
    await page.getByText("lundi : écrivez des heures telles que 9:00").waitFor();
    await page.getByLabel("lundi, plage 1, à").fill("12:30");
    await page.getByLabel("lundi, plage 2, de").fill("13h30");
    await page.getByLabel("lundi, plage 2, à").fill("17");
    await page.getByRole("button", { name: "Recopier lundi sur les jours ouvrés" }).click();
    await page.getByLabel("Attente habituelle, en minutes").fill("beaucoup");
    await page.getByRole("button", { name: "Enregistrer le lieu" }).click();
    await page.getByText("Écrivez un nombre de minutes, de 1 à 600.").waitFor();
    await look("lieu-refus");
    await page.getByLabel("Attente habituelle, en minutes").fill("20");
    await page.getByRole("button", { name: "Enregistrer le lieu" }).click();
    await page.getByText("Le lieu est enregistré.").first().waitFor();
    const site = await call("GET", "/api/v1/sites/fs-9");
    assert.equal(site.hours, "Mo-Fr 09:00-12:30,13:30-17:00; PH off");
    assert.equal(site.waiting_minutes, 20);
    assert.equal(site.commune, "92072");

    // One screen: its state, the last picture, its log, its settings.
    await page.goto(`${server.origin}/console/lieux/ecran?id=antony-hall`);
    await page.getByText("En ligne").waitFor();
    await page.getByText("Reconnaître un message frauduleux").first().waitFor();
    await page.getByRole("table", { name: "Passages récents de l’écran" }).getByText(/28\s+s, en entier/).first().waitFor();
    await page.getByLabel("Distance des chaises, en mètres").fill("loin");
    await page.getByRole("button", { name: "Enregistrer l’écran" }).click();
    await page.getByText("Écrivez une distance en mètres, de 0,3 à 30.").waitFor();
    await page.getByLabel("Distance des chaises, en mètres").fill("4,5");
    await page.getByRole("button", { name: "Enregistrer l’écran" }).click();
    await page.getByText("L’écran est enregistré.").first().waitFor();
    const screen = await call("GET", "/api/v1/screens/antony-hall");
    assert.equal(screen.distance_mm, 4500);
    assert.equal(screen.diagonal_mm, 813, "what was not touched keeps its millimetres");
    await look("ecran");
}
