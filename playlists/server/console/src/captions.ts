// Captions as people bring and type them: WebVTT and SubRip read into cues, cues written as WebVTT. Pure.
export interface Cue {
    from: number; // milliseconds
    to: number;
    text: string;
}

export type CaptionFault = { kind: "empty" } | { kind: "time"; line: number } | { kind: "order"; line: number } | { kind: "no-text"; line: number };

const timing = /^\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})/;

function milliseconds(parts: (string | undefined)[]): number {
    const [hours, minutes, seconds, fraction] = parts;
    return Number(hours ?? 0) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number((fraction ?? "0").padEnd(3, "0"));
}

// The cues, or what is wrong first and on which line.
export function readCaptions(text: string): { cues: Cue[] } | { fault: CaptionFault } {
    const lines = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").split("\n");
    const cues: Cue[] = [];
    for (let at = 0; at < lines.length; at++) {
        const line = lines[at] ?? "";
        if (!line.includes("-->")) continue;
        const found = timing.exec(line);
        if (!found) return { fault: { kind: "time", line: at + 1 } };
        const from = milliseconds(found.slice(1, 5));
        const to = milliseconds(found.slice(5, 9));
        if (to <= from) return { fault: { kind: "order", line: at + 1 } };
        const words: string[] = [];
        const began = at + 1;
        while (at + 1 < lines.length && (lines[at + 1] ?? "").trim() !== "" && !(lines[at + 1] ?? "").includes("-->")) words.push((lines[++at] ?? "").trim());
        if (words.length === 0) return { fault: { kind: "no-text", line: began } };
        cues.push({ from, to, text: words.join("\n") });
    }
    return cues.length === 0 ? { fault: { kind: "empty" } } : { cues };
}

const two = (value: number) => String(value).padStart(2, "0");
const stamp = (ms: number) =>
    `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;

export function writeCaptions(cues: Cue[]): string {
    const ordered = [...cues].sort((a, b) => a.from - b.from);
    return "WEBVTT\n\n" + ordered.map((cue) => `${stamp(cue.from)} --> ${stamp(cue.to)}\n${cue.text.trim()}\n`).join("\n");
}

// "0:04,5" as people write moments; null when it is none.
export function momentOf(typed: string): number | null {
    const found = /^\s*(?:(\d+):)?(\d+)(?:[.,](\d{1,3}))?\s*$/.exec(typed);
    if (!found) return null;
    const minutes = Number(found[1] ?? 0);
    const seconds = Number(found[2]);
    if (found[1] !== undefined && seconds >= 60) return null;
    return minutes * 60_000 + seconds * 1000 + Number((found[3] ?? "0").padEnd(3, "0"));
}

export const momentText = (ms: number): string => `${Math.floor(ms / 60_000)}:${two(Math.floor(ms / 1000) % 60)},${Math.floor((ms % 1000) / 100)}`;
