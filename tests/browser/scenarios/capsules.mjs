import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publishContent } from "../parts/fixture.mjs";
import { looker } from "../parts/look.mjs";
import { administrator, createFirstAccount } from "../parts/people.mjs";
import { startPlayer } from "../parts/player.mjs";
import { signIn } from "../parts/walk.mjs";

export const sentence = "a 30 s video in 1080p goes from a dropped file to the screens in at most eight gestures, over a connection that breaks, with its captions";

// Half a minute as a camera or an editor leaves it, with a little sound.
async function film(folder) {
    const file = join(folder, "Mes démarches_en-ligne.mp4");
    await promisify(execFile)("ffmpeg", [
        "-loglevel", "error", "-y", "-f", "lavfi", "-i", "gradients=size=1920x1080:rate=25:speed=0.01:duration=30", "-f", "lavfi", "-i", "sine=frequency=220:duration=30",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest", file,
    ]);
    return file;
}

export async function run({ server, page, out, build }) {
    let player;
    const folder = await mkdtemp(join(tmpdir(), "capsule-film-"));
    try {
        await createFirstAccount(server);
        const call = await administrator(server);
        await publishContent(call);
        await call("PUT", "/api/v1/playlists/accueil", { title: "Accueil, en semaine", items: [{ capsule: "mot-de-passe" }] });
        await call("PUT", "/api/v1/schedules/accueil", { playlist: "accueil", where: { all: [] }, when: "always" });
        await call("POST", "/api/v1/publish");
        const master = await film(folder);
        player = await startPlayer({ build, server, folder, screen: "antony-hall", call });
        await player.shows("mot-de-passe", 60_000);
        await walk({ server, page, call, folder, look: looker(page, out), master, player });
    } finally {
        await player?.stop();
        await rm(folder, { recursive: true, force: true });
    }
}

async function walk({ server, page, call, folder, look, master, player }) {
    await signIn(page, server, "/console/capsules");
    const drop = page.locator("#master");
    await page.getByText("3 capsules").waitFor();
    await look("capsules");

    // What is no film is refused in words, before anything is sent.
    const notes = join(folder, "notes.txt");
    await writeFile(notes, "des notes");
    await drop.setInputFiles(notes);
    await page.getByText("« notes.txt » n’est ni une vidéo ni une image.").waitFor();

    // The first piece never arrives: it goes on by itself.
    let cut = 0;
    await page.route("**/api/v1/uploads/*", (route) => (route.request().method() === "PATCH" && cut++ === 0 ? route.abort("connectionreset") : route.continue()));
    let gestures = 0;
    const gesture = (work) => (gestures++, work);
    const began = Date.now();
    await gesture(drop.setInputFiles(master));
    await page.getByRole("heading", { name: "Nouvelle capsule" }).waitFor();
    assert.equal(await page.getByLabel("Titre", { exact: true }).inputValue(), "Mes démarches en ligne");
    await page.getByText("La connexion est coupée.").waitFor();
    await look("capsule-envoi");
    await gesture(page.getByLabel("Thème").selectOption({ label: "Démarches en ligne" }));
    await gesture(page.getByRole("button", { name: "Rien à déclarer : ni personne reconnaissable, ni voix, ni musique" }).click());
    await gesture(page.getByLabel("Accueil, en semaine").check());
    await gesture(page.getByRole("button", { name: "Enregistrer et relire avant publication" }).click());
    await page.getByText("Ajoutées : « Mes démarches en ligne ».").waitFor({ timeout: 300_000 });
    // It has sound and no captions: somebody says why that may stand.
    await page.getByText("Cette vidéo a du son et pas de sous-titres.").first().waitFor();
    await look("publier-raison");
    await gesture(page.getByLabel("Pourquoi cela peut-il passer ?").fill("Un fond musical, personne ne parle"));
    await gesture(page.getByRole("button", { name: "Laisser passer" }).click());
    await gesture(page.getByRole("button", { name: "Publier 1 changement" }).click());
    await page.getByText("C’est publié : publication n° 2.").first().waitFor();
    const published = Date.now();
    assert.ok(gestures <= 8, `${gestures} gestures`);
    assert.ok(cut >= 2, "the piece was sent again");

    // The screens get it: in the programme in force, its bytes are there under their digest.
    const index = await (await fetch(`${server.origin}/release/index.json`)).json();
    const programme = await (await fetch(`${server.origin}/release/${index.programme.sha256}.programme.json`)).json();
    const [version] = programme.capsules["mes-demarches-en-ligne"].versions;
    assert.equal(programme.playlists.accueil.items.at(-1).capsule, "mes-demarches-en-ligne");
    assert.ok(Math.abs(version.duration_ms - 30_000) < 200, `${version.duration_ms} ms`);
    assert.equal((await fetch(`${server.origin}/blobs/${version.sha256}`)).status, 200);

    // A screen that polls every second comes to it in its turn: the other capsule of the list lasts 28 s.
    await player.shows("mes-demarches-en-ligne", 90_000);
    const seconds = (from, to) => Math.round((to - from) / 1000);
    console.log(`from the dropped file: published after ${gestures} gestures and ${seconds(began, published)} s, on the screen after ${seconds(began, Date.now())} s`);

    await captions({ server, page, call, folder, look });
}

async function captions({ server, page, call, folder, look }) {
    await page.goto(`${server.origin}/console/capsules/modifier?id=mes-demarches-en-ligne`);
    await page.waitForFunction(() => document.querySelector("video")?.readyState >= 1);
    const bad = join(folder, "fautif.srt");
    await writeFile(bad, "1\n00:00:01,000 --> 00:00:03,000\nBonjour\n\n2\n00:00:09,000 --> 00:00:04,000\nTrop tôt\n");
    await page.getByLabel("Choisir un fichier (.vtt ou .srt)").setInputFiles(bad);
    await page.getByText("Ligne 6 : ce sous-titre finit avant de commencer.").first().waitFor();
    await writeFile(bad, "1\n00:00:01,000 --> 00:00:03,500\nBonjour à tous\n\n2\n00:00:04,000 --> 00:00:07,000\nVos démarches\nen ligne\n");
    await page.getByLabel("Choisir un fichier (.vtt ou .srt)").setInputFiles(bad);
    await page.getByText("Sous-titres en français", { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => document.querySelector("video").textTracks[0].cues.length), 2, "the preview shows them");

    // Written against the video, in another language.
    await page.getByLabel("Langue des sous-titres").selectOption("en");
    await page.getByRole("button", { name: "Les écrire ici" }).click();
    await page.evaluate(() => (document.querySelector("video").currentTime = 2));
    await page.getByRole("button", { name: "Ajouter un sous-titre à ce moment" }).click();
    await page.getByRole("button", { name: "Garder ces sous-titres" }).click();
    await page.getByText("Écrivez le texte, ou supprimez ce sous-titre.").first().waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Début du sous-titre 1" }).inputValue(), "0:02,0");
    await page.getByRole("textbox", { name: "Texte du sous-titre 1" }).fill("This line is far too long for anybody to read it in three short seconds");
    await page.getByRole("button", { name: "Garder ces sous-titres" }).click();
    await page.getByText("Trop long à lire dans ce temps : 43 caractères au plus.").first().waitFor();
    await page.getByRole("textbox", { name: "Texte du sous-titre 1" }).fill("Hello everybody");
    await look("capsule-sous-titres");
    await page.getByRole("button", { name: "Garder ces sous-titres" }).click();
    await page.getByText("Sous-titres en anglais", { exact: true }).waitFor();
    await page.getByLabel("Titre", { exact: true }).fill("");
    await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
    await page.getByText("Donnez un titre à la capsule.").first().waitFor();
    await page.getByLabel("Titre", { exact: true }).fill("Mes démarches en ligne");
    await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
    await page.getByText("La capsule est enregistrée.").first().waitFor();
    await look("capsule");
    const kept = await call("GET", "/api/v1/capsules/mes-demarches-en-ligne");
    assert.deepEqual(kept.rights, { persons: "none", voice: "none", music: "none" });
    const tracks = kept.versions[0].captions;
    assert.deepEqual(tracks.map((track) => [track.language, track.drawn]), [["fr", true], ["en", true]]);
    const text = await (await fetch(`${server.origin}/blobs/${tracks[1].sha256}`)).text();
    assert.equal(text, "WEBVTT\n\n00:00:02.000 --> 00:00:05.000\nHello everybody\n");
}
