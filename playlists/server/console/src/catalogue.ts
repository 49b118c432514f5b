// The draft, as pages ask for it and change it.
import { call } from "./api";
import type { CapsuleRecord, PlaylistRecord, Records, ScheduleRecord, SiteRecord } from "./records";

export interface PreviewItem {
    from: string;
    duration_ms: number;
    kind: "capsule" | "qr-card" | "calm" | "gap";
    capsule: string | null;
    reason: string;
}

export interface Preview {
    items: PreviewItem[];
    capsules: Record<string, number>; // showings in the hour
}

export interface Finding {
    check: string;
    level: "pass" | "warning" | "fail";
    text: string; // French
    at_ms: [number, number][];
    answer?: { reason: string; login: string; at: string };
}

export interface Report {
    findings: Finding[]; // of the record
    versions: { sha256: string; language: string; findings: Finding[] }[];
}

export const at = (path: "capsules" | "playlists" | "schedules" | "sites" | "screens", id: string) => `/api/v1/${path}/${encodeURIComponent(id)}`;

// Records are changed by `seen.ts`, with the state that was looked at.
export const catalogue = {
    capsules: (signal?: AbortSignal) =>
        call<{ capsules: Records<CapsuleRecord> }>("GET", "/api/v1/capsules", undefined, signal).then((reply) => reply.capsules),
    report: (id: string, signal?: AbortSignal) => call<Report>("GET", `${at("capsules", id)}/report`, undefined, signal),
    answer: (id: string, answer: { version?: string; check: string; reason: string }) => call<Report>("POST", `${at("capsules", id)}/report/answers`, answer),
    playlists: (signal?: AbortSignal) =>
        call<{ playlists: Records<PlaylistRecord> }>("GET", "/api/v1/playlists", undefined, signal).then((reply) => reply.playlists),
    previewPlaylist: (id: string, playlist: PlaylistRecord, signal?: AbortSignal) =>
        call<Preview>("POST", `${at("playlists", id)}/preview`, { playlist, screen: null }, signal),
    schedules: (signal?: AbortSignal) =>
        call<{ schedules: Records<ScheduleRecord> }>("GET", "/api/v1/schedules", undefined, signal).then((reply) => reply.schedules),
    sites: (signal?: AbortSignal) =>
        call<{ sites: Records<SiteRecord> }>("GET", "/api/v1/sites", undefined, signal).then((reply) => reply.sites),
};
