// Records of the draft, as they travel. Fields that the console does not know stay in them.

export type Where =
    | { all: Where[] }
    | { any: Where[] }
    | { not: Where }
    | { site: string }
    | { screen: string }
    | { commune: string }
    | { ept: string }
    | { type: string }
    | { tag: string };

export interface CaptionRecord {
    language: string;
    sha256: string;
    bytes: number;
    type: string;
    drawn?: boolean;
}

export interface VersionRecord {
    language: string;
    sha256: string;
    bytes: number;
    type: string;
    duration_ms: number;
    width: number;
    height: number;
    sound?: boolean;
    text_in_picture?: boolean;
    captions?: CaptionRecord[];
    thumbnail?: { sha256: string; bytes: number; type: string } | null;
    [more: string]: unknown;
}

export interface CapsuleRecord {
    title: Record<string, string>;
    kind?: "video" | "image" | "card";
    code?: string;
    theme?: string;
    axis?: string;
    barrier?: string;
    reading?: string;
    audience?: string[];
    needs?: string[];
    valid?: { from: string | null; until: string | null };
    versions?: VersionRecord[];
    rights?: Record<string, unknown>;
    [more: string]: unknown;
}

export interface PlaylistItem {
    capsule?: string;
    playlist?: string;
    weight?: number;
    at_least_per_hour?: number | null;
    at_most_per_hour?: number | null;
    duration_ms?: number;
    qr_card_after?: boolean;
    [more: string]: unknown;
}

export interface PlaylistRecord {
    title?: string;
    order?: "listed" | "shuffle";
    qr_card_every_ms?: number;
    still_duration_ms?: number;
    items: PlaylistItem[];
    [more: string]: unknown;
}

export interface ScheduleRecord {
    id?: string;
    playlist: string;
    where?: Where;
    when?: string;
    priority?: number;
    from?: string;
    until?: string;
    [more: string]: unknown;
}

export interface SiteRecord {
    name: string;
    type?: string;
    commune?: string;
    postcode?: string;
    ept?: string;
    zone?: string;
    hours?: string;
    offers?: string[];
    tags?: string[];
    lat_e6?: number | null;
    lon_e6?: number | null;
    [more: string]: unknown;
}

export type Records<T> = Record<string, T>;

export const titleOf = (id: string, capsule: CapsuleRecord | undefined): string => capsule?.title["fr"] || id;

// How long it is shown: the French version's length, else the first's. Null: it has none yet.
export function durationOf(capsule: CapsuleRecord | undefined): number | null {
    const versions = capsule?.versions ?? [];
    return (versions.find((version) => version.language === "fr") ?? versions[0])?.duration_ms ?? null;
}

export function thumbnailOf(capsule: CapsuleRecord | undefined): string | null {
    const versions = capsule?.versions ?? [];
    const version = versions.find((one) => one.language === "fr") ?? versions[0];
    if (version?.thumbnail) return `/blobs/${version.thumbnail.sha256}`;
    return version && capsule?.kind === "image" ? `/blobs/${version.sha256}` : null;
}
