// Where a playlist plays, as the form knows it: nowhere, everywhere, or where one of some facts holds. What is finer is left as it is.
import { communeName } from "../../communes";
import { addDays, isDate } from "../../dates";
import type { Records, ScheduleRecord, SiteRecord, Where } from "../../records";
import { compare, plain } from "../../search";
import { eptName, labelIn, placeTypes } from "../../vocabulary";
import { words } from "./words";

export type Scope = "nowhere" | "everywhere" | "some";
export type FactKind = "site" | "type" | "ept" | "commune";

export interface Fact {
    kind: FactKind;
    value: string;
    label: string;
    text: string; // for searching
}

export interface Occasion {
    scope: Scope;
    facts: string[]; // keys
    when: "open" | "always";
    from: string; // local dates, both included; empty: no such end
    until: string;
}

export const keyOf = (fact: { kind: FactKind; value: string }): string => `${fact.kind}:${fact.value}`;
export const nowhere: Occasion = { scope: "nowhere", facts: [], when: "open", from: "", until: "" };

const kinds: FactKind[] = ["ept", "type", "commune", "site"];

function factOf(where: Where): string | null {
    const [entry, ...others] = Object.entries(where);
    if (entry === undefined || others.length > 0) return null;
    const [kind, value] = entry;
    return kinds.includes(kind as FactKind) && typeof value === "string" ? keyOf({ kind: kind as FactKind, value }) : null;
}

// Null: finer than the form can say.
export function occasionOf(schedule: ScheduleRecord): Occasion | null {
    const known = ["id", "playlist", "where", "when", "priority", "from", "until"];
    if (Object.keys(schedule).some((key) => !known.includes(key))) return null;
    const when = schedule.when ?? "always";
    if (when !== "open" && when !== "always") return null;
    const from = schedule.from ?? "";
    const until = schedule.until ?? "";
    if ((from !== "" && !isDate(from)) || (until !== "" && !isDate(until))) return null;
    const rest = { when, from, until: until === "" ? "" : addDays(until, -1) } as const;
    const where = schedule.where ?? { all: [] };
    if ("all" in where) return where.all.length === 0 ? { scope: "everywhere", facts: [], ...rest } : null;
    const facts = ("any" in where ? where.any : [where]).map(factOf);
    return facts.some((fact) => fact === null) ? null : { scope: "some", facts: facts as string[], ...rest };
}

// A playlist for some places ranks above one for all; one with dates above one without.
export function scheduleOf(playlist: string, occasion: Occasion): ScheduleRecord {
    const any = occasion.facts.map((key) => {
        const at = key.indexOf(":");
        return { [key.slice(0, at)]: key.slice(at + 1) } as unknown as Where;
    });
    const dated = occasion.from !== "" || occasion.until !== "";
    return {
        playlist,
        where: occasion.scope === "some" ? { any } : { all: [] },
        when: occasion.when,
        priority: (occasion.scope === "some" ? 10 : 0) + (dated ? 20 : 0),
        ...(occasion.from === "" ? {} : { from: occasion.from }),
        ...(occasion.until === "" ? {} : { until: addDays(occasion.until, 1) }),
    };
}

const labels: Record<FactKind, (value: string) => string> = {
    site: (value) => value,
    type: (value) => labelIn(placeTypes, value),
    ept: (value) => eptName(value),
    commune: (value) => communeName(value),
};

// Everything that can be chosen: what the sites are and where they are, then the sites themselves.
export function factsOf(sites: Records<SiteRecord>): Fact[] {
    const found = new Map<string, Fact>();
    const add = (kind: FactKind, value: string | undefined, label: string, more = "") => {
        if (!value || found.has(keyOf({ kind, value }))) return;
        found.set(keyOf({ kind, value }), { kind, value, label, text: plain(`${label} ${words.facts[kind]} ${more}`) });
    };
    for (const [id, site] of Object.entries(sites)) {
        add("ept", site.ept, labels.ept(site.ept ?? ""));
        add("type", site.type, labels.type(site.type ?? ""));
        add("commune", site.commune, labels.commune(site.commune ?? ""));
        add("site", id, site.name, `${communeName(site.commune ?? null)} ${id}`);
    }
    return [...found.values()].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || compare(a.label, b.label));
}

export function labelOf(key: string, facts: Fact[]): string {
    const at = key.indexOf(":");
    const kind = key.slice(0, at) as FactKind;
    return facts.find((fact) => keyOf(fact) === key)?.label ?? labels[kind](key.slice(at + 1));
}

// One line for a list: where all schedules of a playlist put it.
export function whereWords(schedules: ScheduleRecord[], sites: Records<SiteRecord>): string {
    if (schedules.length === 0) return words.nowhere;
    const texts = schedules.map((schedule) => {
        const occasion = occasionOf(schedule);
        if (occasion === null) return words.byFile;
        if (occasion.scope === "everywhere") return words.everywhere;
        const names = occasion.facts.map((key) => (key.startsWith("site:") ? (sites[key.slice(5)]?.name ?? key.slice(5)) : labelOf(key, [])));
        return names.length > 3 ? `${names.slice(0, 3).join(", ")}…` : names.join(", ");
    });
    return [...new Set(texts)].join(" · ");
}
