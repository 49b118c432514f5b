// Runs in a zone far from the screens': nothing here may depend on this computer's own.
process.env.TZ = "America/Martinique";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const console_ = join(dirname(fileURLToPath(import.meta.url)), "../../../../playlists/server/console");
const { build } = createRequire(join(console_, "package.json"))("esbuild");
const folder = await mkdtemp(join(tmpdir(), "capsule-words-"));
try {
    const names = ["captions", "csv", "dates", "format", "period", "search", "sha256", "weekly_hours"];
    await build({
        absWorkingDir: console_,
        entryPoints: names.map((name) => `src/${name}.ts`),
        outdir: folder,
        bundle: true,
        format: "esm",
        outExtension: { ".js": ".mjs" },
        logLevel: "error",
    });
    const [captions, csv, dates, format, period, search, digest, hours] = await Promise.all(names.map((name) => import(pathToFileURL(join(folder, name + ".mjs")).href)));
    const plain = (text) => text.replace(/[\u00a0\u202f]/g, " ");

    // A share is never rounded up to all, nor down to nothing.
    assert.equal(plain(format.percent(99_999, 100_000)), "99,9 %");
    assert.equal(plain(format.percent(100, 100)), "100 %");
    assert.equal(plain(format.percent(1, 100_000)), "0,1 %");
    assert.equal(plain(format.percent(0, 5)), "0 %");
    assert.equal(plain(format.percent(11, 100)), "11,0 %");
    assert.equal(plain(format.percent(0, 0)), "–");

    assert.equal(plain(format.span(28_000)), "28 s");
    assert.equal(plain(format.span(3_599_600)), "1 h 00");
    assert.equal(plain(format.span(925_000)), "15 min 25 s");
    assert.equal(plain(format.span(4_444_440_000)), "1 234 h 34");
    assert.equal(plain(format.fullDay("2026-11-01")), "1er novembre 2026");
    assert.equal(plain(format.longDay("2026-11-01")), "dimanche 1er novembre");
    assert.equal(plain(format.mediumDay("2026-11-01")), "dim. 1er nov.");
    assert.equal(plain(format.longDay("2026-11-21")), "samedi 21 novembre");

    const now = new Date("2026-11-22T12:00:00Z");
    const before = (seconds) => plain(format.ago(new Date(now.getTime() - seconds * 1000), now));
    assert.equal(before(59), "à l’instant");
    assert.equal(before(-30), "à l’instant");
    assert.equal(before(180), "il y a 3 min");
    assert.equal(before(3600 * 5), "il y a 5 h");
    assert.equal(before(86_400), "il y a 1 jour");
    assert.equal(before(86_400 * 3), "il y a 3 jours");

    // Days are the screens' days, over both changes of the clock too.
    assert.equal(dates.localDate(new Date("2026-11-21T23:30:00Z")), "2026-11-22");
    assert.equal(dates.localDate(new Date("2026-07-21T22:30:00Z")), "2026-07-22");
    assert.deepEqual(dates.eachDay("2026-03-28", "2026-03-30"), ["2026-03-28", "2026-03-29", "2026-03-30"]);
    assert.equal(dates.daysBetween("2026-10-01", "2026-10-31"), 31);
    assert.equal(dates.isDate("2026-02-29"), false);
    assert.equal(dates.isDate("2026-2-9"), false);

    const of = (text) => period.periodFromQuery(new URLSearchParams(text), "2026-11-22");
    assert.deepEqual(of(""), { choice: "7", from: "2026-11-16", to: "2026-11-22" });
    assert.deepEqual(of("periode=mois"), { choice: "mois", from: "2026-11-01", to: "2026-11-22" });
    assert.deepEqual(of("du=2026-10-01&au=2026-10-31"), { choice: "dates", from: "2026-10-01", to: "2026-10-31" });
    assert.equal(of("du=2026-10-31&au=2026-10-01").choice, "7");
    assert.equal(period.faultOf("2026-10-31", "2026-10-01"), "reversed");
    assert.equal(period.faultOf("", "2026-10-01"), "missing-from");
    assert.equal(period.faultOf("2024-01-01", "2026-10-01"), "too-long");
    for (const query of ["?periode=30", "?du=2026-10-01&au=2026-10-31"]) assert.equal(period.queryOf(of(query)), query);

    assert.equal(
        csv.csv(["Titre", "n"], [["Un ; deux", 1.5], ['dit "oui"', null], ["=1+1", -3], ["@là", 0]]),
        "\ufeffTitre;n\r\n\"Un ; deux\";1,5\r\n\"dit \"\"oui\"\"\";\r\n'=1+1;-3\r\n'@là;0\r\n",
    );

    // Identifiers come from titles and never from what is taken.
    assert.equal(search.identifierOf("Mes démarches (en ligne) : l’œil", () => false), "mes-demarches-en-ligne-l-oeil");
    assert.equal(search.identifierOf("Accueil", (id) => ["accueil", "accueil-2"].includes(id)), "accueil-3");
    assert.equal(search.identifierOf("???", () => false), "sans-titre");

    // A digest without a secure address is the same digest.
    for (const length of [0, 1, 55, 56, 64, 1000]) {
        const bytes = Buffer.alloc(length, 7 + length);
        assert.equal(digest.sha256(bytes), createHash("sha256").update(bytes).digest("hex"));
    }

    // Captions: what is brought is read or refused by its line; what is written is WebVTT in order.
    const srt = "1\r\n00:00:01,500 --> 00:00:03,000\r\nBonjour\r\nà tous\r\n";
    assert.deepEqual(captions.readCaptions(srt), { cues: [{ from: 1500, to: 3000, text: "Bonjour\nà tous" }] });
    assert.deepEqual(captions.readCaptions("WEBVTT\n\n00:01.000 --> 00:02.000 line:0\nOui\n").cues, [{ from: 1000, to: 2000, text: "Oui" }]);
    assert.deepEqual(captions.readCaptions("WEBVTT\n\nbientôt --> 00:02.000\nOui\n").fault, { kind: "time", line: 3 });
    assert.deepEqual(captions.readCaptions("WEBVTT\n\n00:03.000 --> 00:02.000\nOui\n").fault, { kind: "order", line: 3 });
    assert.deepEqual(captions.readCaptions("des notes").fault, { kind: "empty" });
    const written = captions.writeCaptions([{ from: 61_000, to: 62_500, text: "Deux" }, { from: 0, to: 900, text: " Un " }]);
    assert.equal(written, "WEBVTT\n\n00:00:00.000 --> 00:00:00.900\nUn\n\n00:01:01.000 --> 00:01:02.500\nDeux\n");
    assert.deepEqual(["0:04,5", "4.5", "1:02:03", "0:75", "x"].map(captions.momentOf), [4500, 4500, null, null, null]);
    assert.equal(captions.momentText(64_500), "1:04,5");

    // Opening hours: the simple kind goes to the table and back, anything finer is left alone.
    const week = "Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00; PH off";
    assert.equal(hours.hoursOf(hours.weekOf(week)), week);
    assert.equal(hours.hoursOf(hours.weekOf("Mo,We 09:00-12:00; Tu off")), "Mo 09:00-12:00; We 09:00-12:00");
    assert.equal(hours.hoursOf(hours.closedWeek()), "off");
    for (const finer of ["24/7", "Mo-Fr 09:00-17:00; Jan off", "Mo 22:00-02:00", "Mo[1] 09:00-12:00", "Mo 08:00-09:00,10:00-11:00,12:00-13:00"])
        assert.equal(hours.weekOf(finer), null, finer);
    assert.deepEqual(["9h30", "9", "9:05", "24h", "25h", "9h75"].map(hours.clockOf), ["09:30", "09:00", "09:05", "24:00", null, null]);
    console.log("passed");
} finally {
    await rm(folder, { recursive: true, force: true });
}
