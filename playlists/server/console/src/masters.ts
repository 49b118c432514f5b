// Files on their way to the screen: sent, then prepared by the server. They go on while one moves between pages.
import { useEffect, useState } from "preact/hooks";
import { ApiError, call } from "./api";
import type { VersionRecord } from "./records";
import { giveUp, transfer } from "./tus";

export interface Why {
    code: string;
    text: string; // French
    detail: string; // English
}

export interface Finding {
    [more: string]: unknown;
}

interface Job {
    id: string;
    state: "waiting" | "running" | "done" | "failed" | "cancelled";
    progress: number;
    result: { kind: "video" | "image"; version: VersionRecord; warnings: string[]; [more: string]: unknown } | null;
    why: Why | null;
}

export type Stage =
    | { at: "sending"; sent: number; cut: boolean }
    | { at: "preparing"; progress: number; waiting: boolean }
    | { at: "ready"; kind: "video" | "image"; version: VersionRecord; result: Job["result"]; job: string }
    | { at: "failed"; why: Why; status: number };

export interface Master {
    key: number;
    file: File;
    language: string;
    stage: Stage;
}

const everyMs = 700;
const changed = new EventTarget();
let keys = 0;
let masters: { master: Master; stop: AbortController; job: string | null }[] = [];

function tell(key: number, stage: Stage): void {
    masters = masters.map((one) => (one.master.key === key ? { ...one, master: { ...one.master, stage } } : one));
    changed.dispatchEvent(new Event("changed"));
}

const failure = (error: unknown): Stage => ({
    at: "failed",
    status: error instanceof ApiError ? error.status : -1,
    why: { code: "server", text: "", detail: error instanceof Error ? error.message : String(error) },
});

async function prepare(key: number, upload: string, language: string, signal: AbortSignal): Promise<void> {
    let job = await call<Job>("POST", "/api/v1/jobs", { upload, language }, signal);
    masters = masters.map((one) => (one.master.key === key ? { ...one, job: job.id } : one));
    while (!signal.aborted) {
        if (job.state === "done" && job.result) return tell(key, { at: "ready", kind: job.result.kind, version: job.result.version, result: job.result, job: job.id });
        if (job.state === "failed" || job.state === "cancelled")
            return tell(key, { at: "failed", status: 200, why: job.why ?? { code: job.state, text: "", detail: "" } });
        tell(key, { at: "preparing", progress: job.progress, waiting: job.state === "waiting" });
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        try {
            job = await call<Job>("GET", `/api/v1/jobs/${job.id}`, undefined, signal);
        } catch (error) {
            // A server that restarts goes on with its jobs.
            if (!(error instanceof ApiError) || (error.status !== 0 && error.status < 500)) throw error;
        }
    }
}

// Begins at once. The key is how pages find it again.
export function bring(file: File, language: string): number {
    const key = ++keys;
    const stop = new AbortController();
    masters = [...masters, { master: { key, file, language, stage: { at: "sending", sent: 0, cut: false } }, stop, job: null }];
    changed.dispatchEvent(new Event("changed"));
    let sent = 0;
    transfer(
        file,
        {
            progress: (count) => tell(key, { at: "sending", sent: (sent = count), cut: false }),
            waiting: (cut) => tell(key, { at: "sending", sent, cut }),
        },
        stop.signal,
    )
        .then((upload) => {
            tell(key, { at: "preparing", progress: 0, waiting: true });
            return prepare(key, upload, language, stop.signal);
        })
        .catch((error: unknown) => stop.signal.aborted || tell(key, failure(error)));
    return key;
}

// Stops what is under way and forgets it.
export function drop(key: number): void {
    const one = masters.find(({ master }) => master.key === key);
    if (!one) return;
    const running = one.master.stage.at === "sending" || one.master.stage.at === "preparing";
    one.stop.abort();
    masters = masters.filter(({ master }) => master.key !== key);
    changed.dispatchEvent(new Event("changed"));
    if (running && one.job !== null) void call("DELETE", `/api/v1/jobs/${one.job}`).catch(() => null);
    else if (running) void giveUp(one.master.file);
}

export function useMaster(key: number | null): Master | null {
    const find = () => masters.find(({ master }) => master.key === key)?.master ?? null;
    const [master, setMaster] = useState<Master | null>(find);
    useEffect(() => {
        const update = () => setMaster(find());
        update();
        changed.addEventListener("changed", update);
        return () => changed.removeEventListener("changed", update);
    }, [key]);
    return master;
}
