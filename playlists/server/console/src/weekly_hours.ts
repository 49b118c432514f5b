// Opening hours as a week of days with up to two spans each, to and from OpenStreetMap's syntax. What is finer is not understood here
// and left alone. Pure.
export const days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"] as const;
export type Day = (typeof days)[number];

export interface Span {
    from: string; // "09:00"
    to: string;
}

export interface Week {
    spans: Record<Day, Span[]>;
    holidaysClosed: boolean;
}

export const closedWeek = (): Week => ({ spans: Object.fromEntries(days.map((day) => [day, []])) as unknown as Record<Day, Span[]>, holidaysClosed: true });

const clock = /^([01]\d|2[0-4]):([0-5]\d)$/;
export const isClock = (text: string): boolean => clock.test(text) && text <= "24:00";

// "9h30", "9:30", "9" as people type them; null when it is none.
export function clockOf(typed: string): string | null {
    const found = /^\s*(\d{1,2})\s*(?:[h:.]\s*(\d{2})?)?\s*$/i.exec(typed);
    if (!found) return null;
    const text = `${(found[1] ?? "").padStart(2, "0")}:${found[2] ?? "00"}`;
    return isClock(text) ? text : null;
}

function daysOf(text: string): Day[] | null {
    const found: Day[] = [];
    for (const part of text.split(",")) {
        const [first, last] = part.trim().split("-") as [string, string | undefined];
        const from = days.indexOf(first as Day);
        const to = last === undefined ? from : days.indexOf(last as Day);
        if (from < 0 || to < 0) return null;
        for (let at = from; ; at = (at + 1) % 7) {
            found.push(days[at]!);
            if (at === to) break;
        }
    }
    return found;
}

// Null: not of this simple kind.
export function weekOf(hours: string): Week | null {
    const week = closedWeek();
    week.holidaysClosed = false;
    for (const rule of hours.split(";")) {
        const text = rule.trim();
        if (text === "") continue;
        if (/^PH (off|closed)$/.test(text)) {
            week.holidaysClosed = true;
            continue;
        }
        const found = /^([A-Z][a-z](?:[-,A-Za-z ]*[a-z])?)\s+(.+)$/.exec(text);
        const list = found ? daysOf(found[1]!.replaceAll(" ", "")) : null;
        if (!found || list === null) return null;
        const spans: Span[] = [];
        if (!/^(off|closed)$/.test(found[2]!))
            for (const part of found[2]!.split(",")) {
                const [from, to, more] = part.trim().split("-");
                if (!from || !to || more !== undefined || !isClock(from) || !isClock(to) || to <= from) return null;
                spans.push({ from, to });
            }
        if (spans.length > 2) return null;
        for (const day of list) week.spans[day] = spans.map((span) => ({ ...span }));
    }
    return week;
}

const textOf = (spans: Span[]) => spans.map((span) => `${span.from}-${span.to}`).join(",");

// Days with the same hours stand together: "Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00; PH off". Nothing: never open.
export function hoursOf(week: Week): string {
    const rules: string[] = [];
    for (let at = 0; at < 7; at++) {
        const text = textOf(week.spans[days[at]!]);
        let last = at;
        while (last + 1 < 7 && textOf(week.spans[days[last + 1]!]) === text) last++;
        if (text !== "") rules.push(`${last === at ? days[at]! : `${days[at]!}-${days[last]!}`} ${text}`);
        at = last;
    }
    if (rules.length === 0) return "off";
    return [...rules, ...(week.holidaysClosed ? ["PH off"] : [])].join("; ");
}
