// The span of days that the statistics are about, as it stands in the address. Pure.
import { addDays, daysBetween, isDate } from "./dates";

export type PeriodChoice = "7" | "30" | "mois" | "dates";

export interface Period {
    choice: PeriodChoice;
    from: string;
    to: string; // included
}

export type PeriodFault = "missing-from" | "missing-to" | "reversed" | "too-long";

export const longestDays = 400;

export function periodOf(choice: Exclude<PeriodChoice, "dates">, today: string): Period {
    if (choice === "7") return { choice, from: addDays(today, -6), to: today };
    if (choice === "30") return { choice, from: addDays(today, -29), to: today };
    return { choice, from: today.slice(0, 8) + "01", to: today };
}

export function faultOf(from: string, to: string): PeriodFault | null {
    if (!isDate(from)) return "missing-from";
    if (!isDate(to)) return "missing-to";
    if (from > to) return "reversed";
    return daysBetween(from, to) > longestDays ? "too-long" : null;
}

// What the address asks for; seven days where it asks for nothing that can be read.
export function periodFromQuery(query: URLSearchParams, today: string): Period {
    const from = query.get("du") ?? "";
    const to = query.get("au") ?? "";
    if (faultOf(from, to) === null) return { choice: "dates", from, to };
    const choice = query.get("periode");
    return periodOf(choice === "30" || choice === "mois" ? choice : "7", today);
}

export function queryOf(period: Period): string {
    return period.choice === "dates" ? `?du=${period.from}&au=${period.to}` : `?periode=${period.choice}`;
}
