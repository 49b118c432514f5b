// What went wrong, in words for people.
import { ApiError } from "./api";
import { fr } from "./fr";

export interface Fault {
    text: string;
    detail: string; // the server's own sentence, or nothing
}

export function faultOf(error: unknown): Fault {
    if (!(error instanceof ApiError)) return { text: fr.fault.server, detail: String(error) };
    if (error.status === 0) return { text: fr.fault.unreachable, detail: "" };
    if (error.status === 412) return { text: fr.fault.meanwhile(typeof error.problem["changed_by"] === "string" ? error.problem["changed_by"] : fr.fault.somebody), detail: "" };
    if (error.status === 403) return { text: fr.fault.forbidden, detail: error.detail };
    return { text: error.status >= 500 ? fr.fault.server : fr.fault.invalid, detail: error.detail };
}

export const isSignedOut = (error: unknown): boolean => error instanceof ApiError && error.status === 401;
