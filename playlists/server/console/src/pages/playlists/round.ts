// How long one round of a playlist lasts: each capsule once, without cards. Pure.
import { durationOf, type CapsuleRecord, type PlaylistItem, type PlaylistRecord, type Records } from "../../records";

const defaultStill = 10_000;

// How long one showing of an item lasts; null: its capsule has no video, or is gone.
export function itemMs(item: PlaylistItem, playlist: PlaylistRecord, capsules: Records<CapsuleRecord>): number | null {
    const capsule = item.capsule === undefined ? undefined : capsules[item.capsule];
    if (capsule === undefined) return null;
    if (capsule.kind === "video" || capsule.kind === undefined) return durationOf(capsule);
    return item.duration_ms || playlist.still_duration_ms || durationOf(capsule) || (capsule.kind === "card" ? defaultStill : null);
}

export function roundOf(playlist: PlaylistRecord, capsules: Records<CapsuleRecord>, playlists: Records<PlaylistRecord>, depth = 0): number {
    let total = 0;
    for (const item of playlist.items) {
        const inner = item.playlist === undefined ? undefined : playlists[item.playlist];
        if (inner !== undefined) total += depth < 8 ? roundOf(inner, capsules, playlists, depth + 1) : 0;
        else total += itemMs(item, playlist, capsules) ?? 0;
    }
    return total;
}
