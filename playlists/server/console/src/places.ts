// Sites and screens as pages ask for them and change them.
import { call } from "./api";
import type { Records, SiteRecord } from "./records";

export interface ScreenRecord {
    site: string;
    name: string;
    code?: string;
    rotation?: number;
    diagonal_mm?: number;
    distance_mm?: number;
    volume?: number;
    quiet?: string;
    languages?: string[];
    tags?: string[];
    [more: string]: unknown;
}

export interface ImportRow {
    line: number;
    id: string;
    name: string;
    outcome: "added" | "changed" | "same" | "refused";
    remarks: { column: string; what: string }[];
}

export interface ImportResult {
    rows: ImportRow[];
    added: number;
    changed: number;
    same: number;
    refused: number;
}

export interface LogEntry {
    at: string;
    item: string;
    capsule: string | null;
    playlist: string;
    end: string;
    shown_ms: number;
    due_ms: number;
}

const at = (path: string, id: string) => `/api/v1/${path}/${encodeURIComponent(id)}`;

export const places = {
    sites: (signal?: AbortSignal) => call<{ sites: Records<SiteRecord> }>("GET", "/api/v1/sites", undefined, signal).then((reply) => reply.sites),
    putSite: (id: string, record: SiteRecord) => call<{ warnings?: string[] }>("PUT", at("sites", id), record),
    removeSite: (id: string) => call<unknown>("DELETE", at("sites", id)),
    screen: (id: string, signal?: AbortSignal) => call<ScreenRecord>("GET", at("screens", id), undefined, signal),
    putScreen: (id: string, record: ScreenRecord) => call<{ code: string }>("PUT", at("screens", id), record),
    removeScreen: (id: string) => call<unknown>("DELETE", at("screens", id)),
    log: (id: string, signal?: AbortSignal) => call<{ entries: LogEntry[] }>("GET", `${at("screens", id)}/log`, undefined, signal).then((reply) => reply.entries),
    importSites: (text: string, name: string, keep: boolean) => call<ImportResult>("POST", "/api/v1/sites/import", { name, text, keep }),
};
