// What a publication would do and what was published, as the server tells it.
import { call } from "./api";

export interface Named {
    id: string;
    title: string;
}

export interface Reach {
    screens: string[];
    screen_count: number;
    everywhere: boolean;
}

export interface Change extends Named, Reach {
    subject: "playlist" | "capsule" | "schedule" | "directory" | "school_holidays";
    kind: "added" | "removed" | "changed";
    added: Named[];
    removed: Named[];
    weights: (Named & { before: number; after: number })[];
    order: boolean;
    rules: boolean;
    parts: string[];
}

export interface Warning extends Reach {
    kind: string;
    needed: number;
    given: number;
    language: string;
    capsule?: Named;
    playlist?: Named;
}

export interface Review {
    number: number;
    published_at: string | null;
    changes: Change[];
    problems: string[];
    warnings: Warning[];
    grid_warnings: string[];
    site_warnings: string[];
}

export interface Past {
    number: number;
    published_at: string;
    by: string;
    restores: number | null;
    changes: Change[];
    restorable: boolean;
}

export interface Published {
    number: number;
    changed: boolean;
}

export const publishing = {
    review: (signal?: AbortSignal) => call<Review>("GET", "/api/v1/publish", undefined, signal),
    publish: () => call<Published>("POST", "/api/v1/publish"),
    past: (signal?: AbortSignal) => call<{ publications: Past[] }>("GET", "/api/v1/publications", undefined, signal).then((reply) => reply.publications),
    restore: (number: number) => call<Published>("POST", `/api/v1/publications/${number}/restore`),
};
