// Bundles the console: node build.mjs [FOLDER] (dist by default). Leaves index.html and assets/ there, nothing else.
import { build } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "dist"));
const assets = join(out, "assets");

await rm(assets, { recursive: true, force: true });
await mkdir(assets, { recursive: true });

const result = await build({
    absWorkingDir: here,
    entryPoints: { app: "src/main.tsx", style: "src/style.css" },
    outdir: assets,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    // The name carries the content: a browser never runs yesterday's script with today's page.
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    metafile: true,
    logLevel: "warning",
});

const named = (entry) => {
    const found = Object.entries(result.metafile.outputs).find(([, output]) => output.entryPoint === entry);
    return "/console/assets/" + basename(found[0]);
};
const page = (await readFile(join(here, "src/index.html"), "utf8"))
    .replace("{{script}}", named("src/main.tsx"))
    .replace("{{style}}", named("src/style.css"));
await cp(join(here, "static"), assets, { recursive: true });
await writeFile(join(out, "index.html"), page);
await cp(join(here, "visitors.html"), join(out, "visitors.html"));

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`console: ${Math.round(bytes / 1024)} kB in ${out}`);
