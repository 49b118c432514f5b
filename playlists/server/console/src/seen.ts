// A record as somebody saw it. A change goes with the tag of that state, so that whoever was slower is told and nothing of either is lost.
import { ApiError, change, readTagged, type Change } from "./api";

export class Seen {
    constructor(private tag: string | null = null) {} // null: there is none yet

    // Refused when somebody else was faster. The tag is theirs then: sending again goes over it knowingly.
    async send(method: "PUT" | "DELETE", path: string, body?: unknown): Promise<Change> {
        try {
            const done = await change(method, path, body, this.tag);
            if (!done.proposed) this.tag = method === "DELETE" ? null : done.tag;
            return done;
        } catch (error) {
            if (isSlower(error)) this.tag = (error.problem["etag"] as string | null | undefined) ?? null;
            throw error;
        }
    }
    get exists(): boolean {
        return this.tag !== null;
    }
}

export const isSlower = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 412;

// What is there under the path, or nothing yet.
export async function look<T>(path: string, signal?: AbortSignal): Promise<{ record: T | undefined; seen: Seen }> {
    const found = await readTagged<T>(path, signal);
    return { record: found?.value, seen: new Seen(found?.tag ?? null) };
}

// For small changes of a record that nobody looks at meanwhile: made again on what somebody else has just left there.
export async function amend<T>(path: string, work: (record: T) => T): Promise<void> {
    for (let turn = 1; ; turn++) {
        const { record, seen } = await look<T>(path);
        if (record === undefined) return;
        try {
            await seen.send("PUT", path, work(record));
            return;
        } catch (error) {
            if (!isSlower(error) || turn === 3) throw error;
        }
    }
}
