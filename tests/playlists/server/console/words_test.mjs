// Runs in a zone far from the screens': nothing here may depend on this computer's own.
process.env.TZ = "America/Martinique";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const console_ = join(dirname(fileURLToPath(import.meta.url)), "../../../../playlists/server/console");
const { build } = createRequire(join(console_, "package.json"))("esbuild");
const folder = await mkdtemp(join(tmpdir(), "capsule-words-"));
try {
    const names = ["csv", "dates", "format", "period"];
    await build({
        absWorkingDir: console_,
        entryPoints: names.map((name) => `src/${name}.ts`),
        outdir: folder,
        bundle: true,
        format: "esm",
        outExtension: { ".js": ".mjs" },
        logLevel: "error",
    });
    const [csv, dates, format, period] = await Promise.all(names.map((name) => import(pathToFileURL(join(folder, name + ".mjs")).href)));
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
    console.log("passed");
} finally {
    await rm(folder, { recursive: true, force: true });
}
