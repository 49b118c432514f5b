// SHA-256 (FIPS 180-4) as hexadecimal digits. Browsers offer it on secure addresses only, and a municipal network may have none.
const k = new Uint32Array(64);
const start = new Uint32Array(8);

// The constants are the fractions of the square and cube roots of the first primes.
let primes = 0;
for (let n = 2; primes < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    const fraction = (root: number) => Math.floor((root - Math.floor(root)) * 2 ** 32);
    if (primes < 8) start[primes] = fraction(Math.sqrt(n));
    k[primes++] = fraction(Math.cbrt(n));
}

export function sha256(bytes: Uint8Array): string {
    const length = Math.ceil((bytes.length + 9) / 64) * 64;
    const padded = new Uint8Array(length);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(length - 4, (bytes.length << 3) >>> 0);
    const hash = start.slice();
    const w = new Uint32Array(64);
    const turn = (x: number, by: number) => (x >>> by) | (x << (32 - by));
    for (let at = 0; at < length; at += 64) {
        for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + i * 4);
        for (let i = 16; i < 64; i++) {
            const a = w[i - 15]!;
            const b = w[i - 2]!;
            w[i] = w[i - 16]! + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7]! + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
        }
        const v = hash.slice();
        for (let i = 0; i < 64; i++) {
            const [a, b, c, , e, f, g, h] = v as unknown as [number, number, number, number, number, number, number, number];
            const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0;
            const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
            v.copyWithin(1, 0, 7);
            v[4] = v[4]! + one;
            v[0] = one + two;
        }
        for (let i = 0; i < 8; i++) hash[i] = hash[i]! + v[i]!;
    }
    return [...hash].map((word) => word.toString(16).padStart(8, "0")).join("");
}
