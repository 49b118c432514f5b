// A place's own notices, and the places for which the person may write them.
import { call } from "./api";

export interface Notice {
    id: string;
    site: string;
    text: string;
    last_day: string; // included
}

export interface Notices {
    notices: Notice[];
    sites: { id: string; name: string }[];
}

export const noticeBoard = {
    list: (signal?: AbortSignal) => call<Notices>("GET", "/api/v1/notices", undefined, signal),
    add: (site: string, text: string, last_day: string) => call<Notice>("POST", "/api/v1/notices", { site, text, last_day }),
    remove: (id: string) => call<unknown>("DELETE", `/api/v1/notices/${encodeURIComponent(id)}`),
};
