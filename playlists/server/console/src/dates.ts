// Local dates ("2026-11-22") of the places where the screens hang: Europe/Paris, whatever this computer's own zone is.

export const zone = "Europe/Paris";

const isoDate = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });

export function localDate(instant: Date): string {
    return isoDate.format(instant);
}

export function isDate(text: string): boolean {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
    const at = new Date(text + "T00:00:00Z");
    return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

export function addDays(date: string, days: number): string {
    const at = new Date(date + "T00:00:00Z");
    at.setUTCDate(at.getUTCDate() + days);
    return at.toISOString().slice(0, 10);
}

// From the first to the last, both included.
export function daysBetween(from: string, to: string): number {
    return Math.round((Date.parse(to + "T00:00:00Z") - Date.parse(from + "T00:00:00Z")) / 86_400_000) + 1;
}

export function eachDay(from: string, to: string): string[] {
    const count = Math.max(0, daysBetween(from, to));
    return Array.from({ length: count }, (_, index) => addDays(from, index));
}
