// A real capsule-player off screen, on the machine of a screen: what it really puts there is read from its log of frames.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export async function startPlayer({ build, server, folder, screen, call }) {
    const program = join(build, "bin/capsule-player");
    const store = join(folder, "screen");
    const { stdout } = await promisify(execFile)(program, ["--store", store, "--print-key"]);
    const key = stdout.trim();
    const device = createHash("sha256").update(Buffer.from(key, "hex")).digest("hex").slice(0, 16);
    await call("PUT", `/api/v1/devices/${device}`, { public_key: key, screen });

    const frames = join(folder, "frames.log");
    const child = spawn(program, ["--headless", "--size", "320x180", "--server", server.origin, "--store", store, "--poll", "1s", "--frames-log", frames],
                        { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (bytes) => (said += bytes));
    return {
        // Answers when a frame of the capsule has been put on the screen.
        shows: async (capsule, withinMs) => {
            for (const until = Date.now() + withinMs; Date.now() < until; ) {
                if ((await readFile(frames, "utf8").catch(() => "")).includes(`"item":"${capsule}"`)) return;
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
            throw new Error(`"${capsule}" is not on the screen within ${withinMs} ms; the player said:\n${said}`);
        },
        stop: () =>
            new Promise((resolve) => {
                if (child.exitCode !== null || child.signalCode !== null) return resolve();
                child.once("exit", resolve);
                child.kill("SIGTERM");
                setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
            }),
    };
}
