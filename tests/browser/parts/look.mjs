// What is asked of every page as it stands: no findings of axe, nothing too wide at 1280 px, 390 px and 200 % zoom, and a picture to look at.
import assert from "node:assert/strict";
import { join } from "node:path";
import { findings } from "./browser.mjs";

export function looker(page, out) {
    return async (name) => {
        // 640 px at double density is what a 1280 px window shows at 200 % zoom.
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
}
