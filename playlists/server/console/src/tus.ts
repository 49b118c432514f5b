// Sends a large file by the tus protocol (1.0, creation): in pieces, from where it stood after a cut, a reload of the page or a restart
// of the server. The same file dropped again goes on; what has arrived is asked from the server, never assumed.
import { ApiError } from "./api";

const base = "/api/v1/uploads";
const pieceBytes = 8 << 20;
const longestPauseMs = 15_000;
const headers = { "Tus-Resumable": "1.0.0", "X-Capsule": "1" };

export interface TransferEvents {
    progress: (sent: number) => void;
    waiting: (again: boolean) => void; // the connection is cut, it is tried again; or it goes on
}

const remembered = (file: File) => `capsule-upload ${file.name} ${file.size} ${file.lastModified}`;
const pause = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
    });

async function refusal(response: Response): Promise<ApiError> {
    const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
    return new ApiError(response.status, problem?.detail ?? `${response.status}`);
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

async function create(file: File, signal: AbortSignal): Promise<string> {
    const response = await fetch(base, {
        method: "POST",
        signal,
        headers: { ...headers, "Upload-Length": String(file.size), "Upload-Metadata": `filename ${base64(file.name)}` },
    });
    const location = response.headers.get("Location");
    if (!response.ok || location === null) throw await refusal(response);
    return new URL(location, document.baseURI).pathname;
}

// Null: the server does not know it any more.
async function offsetOf(address: string, signal: AbortSignal): Promise<number | null> {
    const response = await fetch(address, { method: "HEAD", signal, headers: { "Tus-Resumable": "1.0.0" }, cache: "no-store" });
    if (response.status === 404 || response.status === 410 || response.status === 403) return null;
    const offset = response.headers.get("Upload-Offset");
    if (!response.ok || offset === null) throw new ApiError(response.status, `${response.status}`);
    return Number(offset);
}

// XMLHttpRequest, since fetch tells no progress of what it sends.
function send(address: string, piece: Blob, offset: number, signal: AbortSignal, progress: (sent: number) => void): Promise<number> {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("PATCH", address);
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.setRequestHeader("Content-Type", "application/offset+octet-stream");
        request.setRequestHeader("Upload-Offset", String(offset));
        request.upload.onprogress = (event) => progress(offset + event.loaded);
        request.onerror = () => reject(new ApiError(0, "the connection was cut"));
        request.onload = () => {
            const now = request.getResponseHeader("Upload-Offset");
            if (request.status === 204 && now !== null) return resolve(Number(now));
            let detail = String(request.status);
            try {
                detail = (JSON.parse(request.responseText) as { detail?: string }).detail ?? detail;
            } catch {
                // no problem document
            }
            reject(new ApiError(request.status, detail));
        };
        signal.addEventListener("abort", () => (request.abort(), reject(signal.reason)), { once: true });
        request.send(piece);
    });
}

// Whether trying again may help: no answer, a busy server, or another offset than ours.
const passing = (error: unknown) =>
    error instanceof TypeError || (error instanceof ApiError && (error.status === 0 || error.status === 409 || error.status === 423 || error.status === 429 || error.status >= 500) && error.status !== 507);

function recall(file: File): string | null {
    try {
        return localStorage.getItem(remembered(file));
    } catch {
        return null;
    }
}

function remember(file: File, address: string | null): void {
    try {
        if (address === null) localStorage.removeItem(remembered(file));
        else localStorage.setItem(remembered(file), address);
    } catch {
        // no storage: only a reload cannot go on
    }
}

// The upload's id when all of the file has arrived. Throws ApiError for what trying again will not mend, the signal's reason when it is
// given up.
export async function transfer(file: File, events: TransferEvents, signal: AbortSignal): Promise<string> {
    let address = recall(file);
    let waits = 0;
    for (;;) {
        try {
            let offset = address === null ? null : await offsetOf(address, signal);
            if (address === null || offset === null) {
                address = await create(file, signal);
                remember(file, address);
                offset = 0;
            }
            events.waiting(false);
            events.progress(offset);
            while (offset < file.size) {
                offset = await send(address, file.slice(offset, offset + pieceBytes), offset, signal, events.progress);
                waits = 0;
                events.progress(offset);
            }
            remember(file, null);
            return address.slice(address.lastIndexOf("/") + 1);
        } catch (error) {
            if (signal.aborted || !passing(error) || (error instanceof ApiError && error.status === 409 && waits > 5)) {
                if (!signal.aborted) remember(file, null);
                throw error;
            }
            events.waiting(true);
            await pause(Math.min(longestPauseMs, 500 * 2 ** waits++), signal);
        }
    }
}

export async function giveUp(file: File): Promise<void> {
    const address = recall(file);
    remember(file, null);
    if (address !== null) await fetch(address, { method: "DELETE", headers }).catch(() => null);
}
