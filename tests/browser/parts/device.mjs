// A screen's machine, written from the formats' description alone: rows chained by hash, requests signed by RFC 9421.
import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from "node:crypto";

const sha256 = (bytes, encoding) => createHash("sha256").update(bytes).digest(encoding);

// Keys sorted by bytes, no white space; the rows hold no control characters.
function canonical(value) {
    if (value === null || typeof value === "number") return String(value);
    if (typeof value === "string") return '"' + value.replace(/["\\]/g, "\\$&") + '"';
    return "{" + Object.keys(value).sort().map((key) => canonical(key) + ":" + canonical(value[key])).join(",") + "}";
}

export class Device {
    constructor(origin) {
        this.origin = origin;
        const { publicKey, privateKey } = generateKeyPairSync("ed25519");
        this.key = privateKey;
        const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
        this.publicKey = raw.toString("hex");
        this.id = sha256(raw, "hex").slice(0, 16);
        this.journal = randomBytes(16).toString("hex");
        this.boot = randomUUID();
        this.counter = 1;
        this.seq = 0;
        this.prev = "0".repeat(64);
        this.waiting = [];
    }

    write(kind, fields, boot = this.boot) {
        const row = { format: 1, kind, device: this.id, journal: this.journal, seq: ++this.seq, prev: this.prev, boot, ...fields };
        const line = canonical(row);
        this.prev = sha256(line, "hex");
        this.waiting.push(line);
    }

    // `at` is the true instant; the boot began at `bootedAt` (both in ms).
    showing({ at, bootedAt, screen, site, capsule, version, end = "complete", shown = 28_000, boot }) {
        const start = at - bootedAt;
        this.write(
            "showing",
            {
                boot_start_ms: start, boot_end_ms: start + shown, wall_start_ms: at, clock: "synced", clock_error_ms: 50,
                programme: 1, fleet: 1, screen, site, playlist: "accueil", item: "capsule", capsule, version, language: "fr",
                due_ms: 28_000, shown_ms: shown, frames_due: shown / 40, frames_shown: shown / 40, frames_late: 0, end,
                panel: "unknown", sound: "muted", captions: "none",
            },
            boot,
        );
    }

    anchor({ at, bootedAt }) {
        this.write("anchor", { boot_ms: at - bootedAt, utc_ms: at, error_ms: 50, source: "server" });
    }

    async send() {
        while (this.waiting.length > 0) {
            const batch = this.waiting.splice(0, 400);
            await this.post(`/api/v1/ledger/${this.journal}`, batch.join("\n") + "\n", "application/x-ndjson");
        }
    }

    state(fields) {
        const now = Date.now();
        return this.post(
            "/api/v1/state",
            JSON.stringify({
                programme: 1, fleet: 1, now: 1, player: "0.1.0", boot: this.boot, boot_ms: 1000, wall_ms: now, playing: null,
                free_bytes: 1_000_000_000, backlog: 0, reason: null, ...fields,
            }),
            "application/json",
        );
    }

    // A machine that asks for a screen.
    announce() {
        return this.post("/api/v1/enrolments", JSON.stringify({ public_key: this.publicKey }), "application/json");
    }

    async post(path, body, type) {
        const digest = `sha-256=:${sha256(body, "base64")}:`;
        const counter = String(this.counter++);
        const parameters =
            `("@method" "@path" "content-digest" "capsule-counter");keyid="${this.id}";alg="ed25519";nonce="${randomBytes(12).toString("hex")}"`;
        const base =
            `"@method": POST\n"@path": ${path}\n"content-digest": ${digest}\n"capsule-counter": ${counter}\n` +
            `"@signature-params": ${parameters}`;
        const reply = await fetch(this.origin + path, {
            method: "POST",
            body,
            headers: {
                "Content-Type": type,
                "Content-Digest": digest,
                "Capsule-Counter": counter,
                "Signature-Input": `sig1=${parameters}`,
                Signature: `sig1=:${sign(null, Buffer.from(base), this.key).toString("base64")}:`,
            },
        });
        const text = await reply.text();
        if (!reply.ok) throw new Error(`POST ${path}: ${reply.status} ${text}`);
        return JSON.parse(text);
    }
}
