// Chromium without anything that talks to the outside, and what is asked of every page.
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url)("axe-core");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

export async function openBrowser() {
    const profile = await mkdtemp(join(tmpdir(), "capsule-browser-"));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CAPSULE_CHROMIUM ?? "/usr/bin/chromium",
        headless: true,
        args: [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--lang=fr-FR",
        ],
        viewport: { width: 1280, height: 900 },
        locale: "fr-FR",
        timezoneId: "America/Martinique", // not the screens' zone, on purpose
        acceptDownloads: true,
    });
    context.setDefaultTimeout(15_000);
    const page = context.pages()[0] ?? (await context.newPage());
    const requests = [];
    const faults = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => faults.push(`script error: ${error.message}`));
    page.on("console", (message) => {
        // The browser itself notes every reply of 400 and above; those are looked at where they are asked for.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) faults.push(message.text());
    });
    return {
        page,
        requests,
        faults,
        close: async () => {
            await context.close();
            await rm(profile, { recursive: true, force: true });
        },
    };
}

// axe's findings as lines; empty is what we want.
export async function findings(page) {
    const reports = [];
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), rules);
    for (const violation of violations)
        for (const node of violation.nodes) reports.push(`${violation.id} (${violation.impact}) at ${node.target.join(" ")}: ${node.failureSummary}`);
    return reports;
}
