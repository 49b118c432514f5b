// Addresses under /console, by the history API: no fragment, so that an address can be kept, sent and reloaded.
import { useEffect, useState } from "preact/hooks";

export interface Place {
    path: string; // without a closing slash
    query: URLSearchParams;
}

const moved = new EventTarget();

function here(): Place {
    return { path: location.pathname.replace(/\/+$/, "") || "/", query: new URLSearchParams(location.search) };
}

let mayLeave: (() => boolean) | null = null;

// What was typed and not kept: whoever is about to lose it is asked before.
export function useUnsaved(unsaved: boolean, question: string): void {
    useEffect(() => {
        if (!unsaved) return;
        const warn = (event: BeforeUnloadEvent) => event.preventDefault();
        const ask = () => confirm(question);
        mayLeave = ask;
        addEventListener("beforeunload", warn);
        return () => {
            if (mayLeave === ask) mayLeave = null;
            removeEventListener("beforeunload", warn);
        };
    }, [unsaved]);
}

// "replace" leaves no trace in the history: for redirections, and for choices within one page.
export function go(address: string, how: "push" | "replace" = "push"): void {
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    moved.dispatchEvent(new Event("moved"));
}

export function usePlace(): Place {
    const [place, setPlace] = useState(here);
    useEffect(() => {
        const update = () => setPlace(here());
        moved.addEventListener("moved", update);
        addEventListener("popstate", update);
        return () => {
            moved.removeEventListener("moved", update);
            removeEventListener("popstate", update);
        };
    }, []);
    return place;
}

// For <a onClick>: stays in the page, but leaves new tabs and downloads to the browser.
export function follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.currentTarget as HTMLElement).closest("a");
    if (!link || link.origin !== location.origin) return;
    event.preventDefault();
    if (mayLeave !== null && !mayLeave()) return;
    go(link.pathname + link.search);
}
