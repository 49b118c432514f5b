// Sites and screens as pages ask for them and change them.
import { call } from "./api";
import { at } from "./catalogue";
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


export const places = {
    sites: (signal?: AbortSignal) => call<{ sites: Records<SiteRecord> }>("GET", "/api/v1/sites", undefined, signal).then((reply) => reply.sites),
    log: (id: string, signal?: AbortSignal) => call<{ entries: LogEntry[] }>("GET", `${at("screens", id)}/log`, undefined, signal).then((reply) => reply.entries),
    importSites: (text: string, name: string, keep: boolean) => call<ImportResult>("POST", "/api/v1/sites/import", { name, text, keep }),
};
