// Numbers, dates and spans as people read them in French. Pure, but for the zone's rules of the browser.
import { zone } from "./dates";
import { fr } from "./fr";
import { language, locale } from "./language";

const number = new Intl.NumberFormat(locale);
const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const integer = (value: number): string => number.format(value);

// "99,9 %": rounded to a tenth, but never rounded up to 100 when something is missing, never down to 0 when there is something.
export function percent(part: number, whole: number): string {
    if (whole <= 0) return "–";
    const tenths = (part / whole) * 1000;
    let rounded = Math.round(tenths);
    if (rounded >= 1000 && part < whole) rounded = 999;
    if (rounded <= 0 && part > 0) rounded = 1;
    return (rounded % 1000 === 0 ? integer(rounded / 10) : oneDecimal.format(rounded / 10)) + "\u00a0%";
}

export function span(ms: number): string {
    const seconds = Math.round(ms / 1000);
    if (seconds < 60) return `${seconds}\u00a0s`;
    const minutes = Math.floor(seconds / 60);
    if (seconds % 60 === 0 && minutes < 60) return `${minutes}\u00a0min`;
    if (minutes < 60) return `${minutes}\u00a0min ${String(seconds % 60).padStart(2, "0")}\u00a0s`;
    return `${number.format(Math.floor(minutes / 60))}\u00a0h ${String(minutes % 60).padStart(2, "0")}`;
}

// "1,2 Go": thousands, as disks are sold.
export function bytes(count: number): string {
    const units = language === "en" ? ["B", "kB", "MB", "GB", "TB"] : ["o", "ko", "Mo", "Go", "To"];
    let value = count;
    let unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit++;
    }
    return `${value < 10 && unit > 1 ? oneDecimal.format(value) : integer(Math.round(value))}\u00a0${units[unit]}`;
}

const inUtc = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
const dayShort = inUtc({ day: "numeric", month: "short" });
const dayMedium = inUtc({ weekday: "short", day: "numeric", month: "short" });
const dayLong = inUtc({ weekday: "long", day: "numeric", month: "long" });
const dayFull = inUtc({ day: "numeric", month: "long", year: "numeric" });
const at = (date: string) => new Date(date + "T00:00:00Z");
const first = (text: string) => (language === "fr" ? text.replace(/^1 /, "1er ") : text);

const inside = (text: string) => (language === "fr" ? text.replace(/ 1 /, " 1er ") : text);

export const shortDay = (date: string): string => dayShort.format(at(date));
export const mediumDay = (date: string): string => inside(dayMedium.format(at(date)));
export const longDay = (date: string): string => inside(dayLong.format(at(date)));
export const fullDay = (date: string): string => first(dayFull.format(at(date)));

const moment = new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: "long", timeStyle: "short" });
export const fullMoment = (instant: Date): string => first(moment.format(instant));

const hours = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
// "09:05:12"
export const timeOfDay = (instant: Date): string => hours.format(instant);

// "il y a 3 min". A time in the future (clocks differ by a little) is now.
export function ago(instant: Date, now: Date): string {
    const seconds = Math.max(0, (now.getTime() - instant.getTime()) / 1000);
    if (seconds < 60) return fr.ago.now;
    if (seconds < 3600) return fr.ago.minutes(Math.floor(seconds / 60));
    if (seconds < 86_400) return fr.ago.hours(Math.floor(seconds / 3600));
    return fr.ago.days(Math.floor(seconds / 86_400));
}
