// A real capsule-server on a free port of the loopback, with a data folder of its own.
import { spawn } from "node:child_process";

export async function startServer({ build, folder, publicUrl }) {
    const args = ["--data", `${folder}/data`, "--listen", "127.0.0.1:0"];
    if (publicUrl) args.push("--public-url", publicUrl);
    const child = spawn(`${build}/bin/capsule-server`, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const link = await new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`the server printed no link within 20 s:\n${said}`)), 20_000);
        const hear = (bytes) => {
            said += bytes;
            const found = /(http:\/\/127\.0\.0\.1:\d+)\/console\/?#premier-compte=([A-Za-z0-9_-]+)\s/.exec(said);
            if (!found) return;
            clearTimeout(late);
            resolve({ origin: found[1], secret: found[2] });
        };
        child.stdout.on("data", hear);
        child.stderr.on("data", hear);
        child.once("error", reject);
        child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
    });
    for (let tries = 0; ; tries++) {
        const reply = await fetch(link.origin + "/healthz").catch(() => null);
        if (reply?.ok) break;
        if (tries > 200) throw new Error("the server is not ready");
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return {
        ...link,
        said: () => said,
        stop: () =>
            new Promise((resolve) => {
                if (child.exitCode !== null || child.signalCode !== null) return resolve();
                child.once("exit", resolve);
                child.kill("SIGTERM");
                setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
            }),
    };
}
