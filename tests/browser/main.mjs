// Runs scenarios, each with a server, a data folder and a browser of its own.
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { openBrowser } from "./parts/browser.mjs";
import { startServer } from "./parts/server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { build: { type: "string" }, out: { type: "string" }, list: { type: "boolean" } },
});
const build = resolve(values.build ?? join(here, "../../build"));
const out = resolve(values.out ?? join(build, "screenshots"));
const known = (await readdir(join(here, "scenarios"))).filter((name) => name.endsWith(".mjs")).map((name) => name.slice(0, -4)).sort();
if (values.list) {
    console.log(known.join("\n"));
    process.exit(0);
}
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
    console.error(`no such scenario: ${unknown.join(", ")} (there are: ${known.join(", ")})`);
    process.exit(2);
}
await mkdir(out, { recursive: true });

let failed = 0;
for (const name of positionals.length > 0 ? positionals : known) {
    const scenario = await import(pathToFileURL(join(here, "scenarios", name + ".mjs")).href);
    const folder = await mkdtemp(join(tmpdir(), "capsule-server-"));
    const begun = Date.now();
    let server, browser;
    try {
        server = await startServer({ build, folder, publicUrl: scenario.publicUrl });
        browser = await openBrowser();
        await scenario.run({ server, ...browser, out, build });
        // Asked of every scenario: nothing leaves the origin, nothing breaks in a script or against the page's policy.
        const strays = browser.requests.filter((url) => !url.startsWith(server.origin + "/") && !url.startsWith("blob:" + server.origin));
        if (strays.length > 0) throw new Error(`requests that leave the origin: ${strays.join(", ")}`);
        if (browser.faults.length > 0) throw new Error(`faults in the page: ${browser.faults.join(" | ")}`);
        console.log(`passed: ${scenario.sentence} (${Date.now() - begun} ms)`);
    } catch (error) {
        failed++;
        console.log(`FAILED: ${scenario.sentence}\n${error.stack ?? error}`);
        await browser?.page.screenshot({ path: join(out, `failed-${name}.png`), fullPage: true }).catch(() => {});
        if (server) console.log(`the server said:\n${server.said()}`);
    } finally {
        await browser?.close();
        await server?.stop();
        await rm(folder, { recursive: true, force: true });
    }
}
process.exit(failed === 0 ? 0 : 1);
