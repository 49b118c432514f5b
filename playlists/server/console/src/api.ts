// The one client of the server's API. Every call answers with a value or throws ApiError; nothing else leaves this file.
// The session is a cookie that scripts cannot read; writes carry X-Capsule, which a foreign site cannot add.

export type Role = "administrator" | "coordinator" | "contributor" | "evaluator" | "reception";
export type ScreenState = "online" | "silent" | "never";
export type Breakdown = "capsule" | "site" | "commune" | "ept" | "day" | "hour";

export interface Session {
    login: string;
    role: Role;
    territory: { epts: string[]; communes: string[] } | null; // null: everywhere
    site: string | null; // of reception
}

export interface ScreenStatus {
    id: string;
    name: string;
    code: string;
    site: string;
    site_name: string | null; // null, like the three below, when the site is not there any more
    type: string | null;
    commune: string | null; // INSEE code
    ept: string | null;
    device: string | null;
    state: ScreenState;
    last_seen: string | null; // RFC 3339
    programme: number | null;
    fleet: number | null;
    playing: string | null; // capsule id
    reason: string | null;
    showings_today: number;
}

export interface SiteRecord {
    name: string;
}

// Which screen a machine is to be: one that is there, or a new one at a site.
export type Enrolment = { code: string; replace: boolean } & ({ screen: string } | { site: string; name: string });

export interface Accepted {
    device: string;
    screen: string;
}

export interface CapsuleRecord {
    title: Record<string, string>;
    kind: string;
    code?: string;
}

export interface Figures {
    showings: number;
    complete: number;
    shown_ms: number;
    frames_due: number;
    frames_shown: number;
    panel_off: number; // of the showings, those while the display was known to be off
    scans: number | null; // null: not measured
}

export interface ReportRow extends Figures {
    key: string;
    label: string;
}

export interface Report {
    from: string; // local dates, `to` included
    to: string;
    by: Breakdown;
    rows: ReportRow[];
    total: Figures;
    bounded: { showings: number; shown_ms: number }; // without a sure date; may belong to the period
    received_rows: number; // showings of any item (capsules, cards, notices) that are booked to the period
    missing_rows: number; // known to be lost in the period, or numbered and not yet received
    unknown_gaps: number; // losses of the period whose extent is not known
    screens: number;
    // Opening hours of all screens together, until now: proven by showings, known to be off, and the rest.
    opening: { screens: number; open_ms: number; proven_ms: number; off_ms: number; unknown_ms: number };
    corrections: { count: number; showings: number }; // of closed hours of the period
    forked_rows: number; // kept apart, in no figure
    refused: number; // requests with rows that were refused in the period
    dropped_rows: number; // by the rule of retention; their sums stay
    example_data?: string; // there when days of the period were made up for a demonstration
    generated_at: string;
}

// Local times of the screen's site, "2026-11-24T10:00:00".
export interface Campaign {
    schedule: string;
    playlist: string;
    percent: number;
}

export interface WeekBlock {
    from: string;
    until: string;
    kind: "plays" | "closed" | "gap";
    playlist: string | null;
    schedule: string | null;
    campaigns: Campaign[];
}

export interface WeekPlan {
    blocks: WeekBlock[];
    overlaps: { from: string; plays: string | null; does_not_play: string; reason: string }[];
    warnings: string[];
    playlists: Record<string, string>; // titles
}

export interface ForeseenItem {
    from: string;
    until: string;
    kind: "capsule" | "qr-card" | "calm" | "notice" | "closed" | "gap";
    capsule?: string;
    reason: string;
}

export interface Explanation {
    shows: ForeseenItem | null;
    schedules: { schedule: string; playlist: string; standing: string; reason: string }[];
    capsules: { capsule: string; share?: number; obstacle?: string }[];
}

// status 0: the server could not be reached. `detail` is the server's own sentence, in English, for whoever is called to help.
export class ApiError extends Error {
    readonly status: number;
    readonly detail: string;
    readonly problem: Record<string, unknown>; // the whole problem document: some say more than a sentence

    constructor(status: number, detail: string, problem: Record<string, unknown> = {}) {
        super(detail);
        this.status = status;
        this.detail = detail;
        this.problem = problem;
    }
}

export type Method = "GET" | "POST" | "PUT" | "DELETE";

// A value with the tag of its state: sent back with a change, it lets the server tell when somebody else was faster (status 412).
export interface Tagged<T> {
    value: T;
    tag: string | null;
}

const mustBeNew = "*new";

async function ask<T>(method: Method, path: string, body: unknown, signal: AbortSignal | undefined, tag: string | null): Promise<Tagged<T>> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-Capsule"] = "1";
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (tag === mustBeNew) headers["If-None-Match"] = "*";
    else if (tag !== null) headers["If-Match"] = tag;
    const request: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
    if (body !== undefined) request.body = JSON.stringify(body);
    if (signal) request.signal = signal;
    let response: Response;
    let text: string;
    try {
        response = await fetch(path, request);
        text = await response.text();
    } catch (error) {
        if (error instanceof DOMException && error.name === "AbortError") throw error;
        throw new ApiError(0, String(error));
    }
    let value: unknown = null;
    try {
        value = text === "" ? null : JSON.parse(text);
    } catch {
        if (response.ok) throw new ApiError(response.status, `${method} ${path}: the reply is not JSON`);
    }
    if (!response.ok) {
        const problem = value as { detail?: string; title?: string } | null;
        const detail = problem?.detail ?? problem?.title ?? `${method} ${path}: ${response.status}`;
        throw new ApiError(response.status, detail, (problem ?? {}) as Record<string, unknown>);
    }
    return { value: value as T, tag: response.headers.get("ETag") };
}

export async function call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    return (await ask<T>(method, path, body, signal, null)).value;
}

// A change, or what a contributor's became: a proposal.
export interface Change {
    proposed: boolean;
    tag: string | null; // of the state that it left
}

// Only while the object is still what it was when it had that tag; null: only while there is none.
export async function change(method: "PUT" | "DELETE", path: string, body: unknown, tag: string | null): Promise<Change> {
    const reply = await ask<{ proposal?: number } | null>(method, path, body, undefined, tag ?? mustBeNew);
    return { proposed: typeof reply.value?.proposal === "number", tag: reply.tag };
}

// Null: there is no such object.
export async function readTagged<T>(path: string, signal?: AbortSignal): Promise<Tagged<T> | null> {
    try {
        return await ask<T>("GET", path, undefined, signal, null);
    } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
    }
}

// With `tag`, only while the object is still what it was.
export const callWithTag = <T>(method: Method, path: string, body?: unknown, tag: string | null = null): Promise<Tagged<T>> =>
    ask<T>(method, path, body, undefined, tag);

export const api = {
    session: () => call<Session>("GET", "/api/v1/session"),
    // `code`: of the second factor, when the server has asked for it.
    signIn: (login: string, password: string, code = "") =>
        call<Session>("POST", "/api/v1/sessions", { login, password, ...(code === "" ? {} : { code }) }),
    signOut: () => call<null>("DELETE", "/api/v1/session"),
    createFirstAccount: (secret: string, login: string, password: string) =>
        call<Session>("POST", "/api/v1/accounts/first", { secret, login, password }),
    screens: (signal?: AbortSignal) =>
        call<{ screens: ScreenStatus[] }>("GET", "/api/v1/screens", undefined, signal).then((reply) => reply.screens),
    sites: () => call<{ sites: Record<string, SiteRecord> }>("GET", "/api/v1/sites").then((reply) => reply.sites),
    enrol: (enrolment: Enrolment) => call<Accepted>("POST", "/api/v1/enrolments/accept", enrolment),
    capsules: (signal?: AbortSignal) =>
        call<{ capsules: Record<string, CapsuleRecord> }>("GET", "/api/v1/capsules", undefined, signal).then((reply) => reply.capsules),
    week: (screen: string, from: string, to: string, signal?: AbortSignal) =>
        call<WeekPlan>("GET", `/api/v1/screens/${encodeURIComponent(screen)}/week?from=${from}&to=${to}`, undefined, signal),
    explanation: (screen: string, at: string, signal?: AbortSignal) =>
        call<Explanation>("GET", `/api/v1/screens/${encodeURIComponent(screen)}/explanation?at=${encodeURIComponent(at)}`, undefined, signal),
    report: (from: string, to: string, by: Breakdown, signal?: AbortSignal) =>
        call<Report>("GET", `/api/v1/report?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}&by=${by}`, undefined, signal),
};
