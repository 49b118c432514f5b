// A small fleet with ten days of showings, brought in by the API as content managers and screens do.
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { administrator, createFirstAccount } from "./people.mjs";
import { Device } from "./device.mjs";

const day = 86_400_000;

export const capsules = {
    "mot-de-passe": "Un mot de passe solide",
    "message-frauduleux": "Reconnaître un message frauduleux",
    "aide-proche": "Être aidé près de chez vous",
};
export const sites = {
    "fs-antony": { name: "France services Antony", type: "RFS", commune: "92002", postcode: "92160", ept: "VSGP" },
    "mairie-clamart": { name: "Mairie de Clamart", type: "MUNI", commune: "92023", postcode: "92140", ept: "VSGP" },
    "mediatheque-nanterre": { name: "Médiathèque de Nanterre", type: "BIB", commune: "92050", postcode: "92000", ept: "POLD" },
};
export const screens = {
    "antony-hall": { site: "fs-antony", name: "Hall" },
    "clamart-accueil": { site: "mairie-clamart", name: "Accueil" },
    "nanterre-entree": { site: "mediatheque-nanterre", name: "Entrée" },
};

export const parisDate = (ms) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(ms);
// Noon in Paris, `back` days ago: no test depends on the hour at which it runs. Today's row would lie in the future before noon.
const noonOf = (back) => Date.parse(parisDate(Date.now() - back * day) + "T11:30:00Z");

// A PNG of one colour, another for each text.
export function picture(text, width = 320, height = 180) {
    const colour = createHash("sha256").update(text).digest().subarray(0, 3);
    const crc = (bytes) => {
        let value = ~0;
        for (const byte of bytes) {
            value ^= byte;
            for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
        }
        return ~value >>> 0;
    };
    const chunk = (type, data) => {
        const body = Buffer.concat([Buffer.from(type), data]);
        const frame = Buffer.alloc(8);
        frame.writeUInt32BE(data.length, 0);
        frame.writeUInt32BE(crc(body), 4);
        return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
    };
    const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    const row = Buffer.concat([Buffer.from([0]), ...Array(width).fill(colour)]);
    const pixels = deflateSync(Buffer.concat(Array(height).fill(row)));
    return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

export async function publishContent(call) {
    const versions = {};
    for (const [id, title] of Object.entries(capsules)) {
        const bytes = picture(id);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        versions[id] = sha256;
        await call.put(`/api/v1/blobs/${sha256}`, bytes);
        await call("PUT", `/api/v1/capsules/${id}`, {
            title: { fr: title }, kind: "image", theme: "mots-de-passe", axis: "axe2-capacitation", barrier: "protection-donnees",
            audience: ["tous"], reading: "falc-inspire", needs: [], valid: { from: null, until: null }, followed_by: null,
            versions: [{ language: "fr", sha256, bytes: bytes.length, type: "image/png", duration_ms: 28_000, width: 1920, height: 1080,
                         fps: [25, 1], sound: false, gain_mdb: 0, text_in_picture: true, captions: [], thumbnail: null }],
        });
    }
    for (const [id, site] of Object.entries(sites))
        await call("PUT", `/api/v1/sites/${id}`, { zone: "Europe/Paris", hours: "Mo-Fr 09:00-17:00", offers: [], tags: [], ...site });
    for (const [id, screen] of Object.entries(screens))
        await call("PUT", `/api/v1/screens/${id}`, { rotation: 0, diagonal_mm: 813, distance_mm: 3000, volume: 0, languages: ["fr"], tags: [], ...screen });
    return versions;
}

// Answers with what the statistics have to say: showings by day, by capsule and by site.
export async function fillServer(server) {
    await createFirstAccount(server);
    const call = await administrator(server);
    const versions = await publishContent(call);
    const expected = { total: 0, complete: 0, bounded: 3, day: {}, capsule: {}, site: {} };
    const count = (table, key) => (table[key] = (table[key] ?? 0) + 1);

    const online = new Device(server.origin);
    await call("PUT", `/api/v1/devices/${online.id}`, { public_key: online.publicKey, screen: "antony-hall" });
    const other = new Device(server.origin);
    await call("PUT", `/api/v1/devices/${other.id}`, { public_key: other.publicKey, screen: "nanterre-entree" });

    const names = Object.keys(capsules);
    const play = (device, screen, back, times) => {
        const bootedAt = noonOf(12);
        for (let turn = 0; turn < times; turn++) {
            const at = noonOf(back) + turn * 30_000;
            const capsule = names[turn % 4 === 3 ? 0 : turn % 3];
            const cut = turn % 10 === 9;
            const site = screens[screen].site;
            device.showing({ at, bootedAt, screen, site, capsule, version: versions[capsule], ...(cut ? { end: "cut", shown: 12_000 } : {}) });
            expected.total++;
            if (!cut) expected.complete++;
            count(expected.day, parisDate(at));
            count(expected.capsule, capsule);
            count(expected.site, site);
        }
        device.anchor({ at: noonOf(back) + times * 30_000, bootedAt });
    };
    for (let back = 10; back >= 1; back--) {
        play(online, "antony-hall", back, 30 + 4 * (back % 4));
        if (back % 3 !== 0) play(other, "nanterre-entree", back, 18 + back);
    }
    // A start whose clock nothing ever confirmed.
    const lost = "00000000-0000-4000-8000-000000000000";
    for (let turn = 0; turn < expected.bounded; turn++)
        other.showing({
            at: 60_000 + turn * 30_000, bootedAt: 0, screen: "nanterre-entree", site: "mediatheque-nanterre", capsule: names[0],
            version: versions[names[0]], boot: lost,
        });
    await online.send();
    await other.send();
    await online.state({ playing: "message-frauduleux" });
    return { call, versions, expected, online, other };
}
