// Asks again and again while the page is looked at; the last good answer stays while a later one fails.
import { useEffect, useRef, useState } from "preact/hooks";

export interface Polled<T> {
    value: T | null;
    error: unknown; // of the last try; null when it succeeded
    at: Date | null; // of the last good answer
    again: () => void;
}

export function usePolled<T>(ask: (signal: AbortSignal) => Promise<T>, everyMs: number): Polled<T> {
    const [state, setState] = useState<{ value: T | null; error: unknown; at: Date | null }>({ value: null, error: null, at: null });
    const asked = useRef(ask);
    asked.current = ask;
    const [round, setRound] = useState(0);

    useEffect(() => {
        const stop = new AbortController();
        let timer = 0;
        const turn = async () => {
            // A hidden page asks nothing; it asks as soon as it is looked at again.
            if (!document.hidden) {
                try {
                    const value = await asked.current(stop.signal);
                    if (!stop.signal.aborted) setState({ value, error: null, at: new Date() });
                } catch (error) {
                    if (!stop.signal.aborted) setState((old) => ({ ...old, error }));
                }
            }
            if (!stop.signal.aborted) timer = window.setTimeout(turn, everyMs);
        };
        const seen = () => {
            if (document.hidden) return;
            clearTimeout(timer);
            void turn();
        };
        void turn();
        document.addEventListener("visibilitychange", seen);
        return () => {
            stop.abort();
            clearTimeout(timer);
            document.removeEventListener("visibilitychange", seen);
        };
    }, [everyMs, round]);

    return { ...state, again: () => setRound((count) => count + 1) };
}
