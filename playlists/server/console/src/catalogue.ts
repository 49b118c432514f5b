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

const at = (path: string, id: string) => `/api/v1/${path}/${encodeURIComponent(id)}`;

export const catalogue = {
    capsules: (signal?: AbortSignal) =>
        call<{ capsules: Records<CapsuleRecord> }>("GET", "/api/v1/capsules", undefined, signal).then((reply) => reply.capsules),
    putCapsule: (id: string, record: CapsuleRecord) => call<{ code: string }>("PUT", at("capsules", id), record),
    removeCapsule: (id: string) => call<unknown>("DELETE", at("capsules", id)),
    playlists: (signal?: AbortSignal) =>
        call<{ playlists: Records<PlaylistRecord> }>("GET", "/api/v1/playlists", undefined, signal).then((reply) => reply.playlists),
    putPlaylist: (id: string, record: PlaylistRecord) => call<unknown>("PUT", at("playlists", id), record),
    removePlaylist: (id: string) => call<unknown>("DELETE", at("playlists", id)),
    previewPlaylist: (id: string, playlist: PlaylistRecord, signal?: AbortSignal) =>
        call<Preview>("POST", `${at("playlists", id)}/preview`, { playlist, screen: null }, signal),
    schedules: (signal?: AbortSignal) =>
        call<{ schedules: Records<ScheduleRecord> }>("GET", "/api/v1/schedules", undefined, signal).then((reply) => reply.schedules),
    putSchedule: (id: string, record: ScheduleRecord) => call<unknown>("PUT", at("schedules", id), record),
    removeSchedule: (id: string) => call<unknown>("DELETE", at("schedules", id)),
    sites: (signal?: AbortSignal) =>
        call<{ sites: Records<SiteRecord> }>("GET", "/api/v1/sites", undefined, signal).then((reply) => reply.sites),
};
