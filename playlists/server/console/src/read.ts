// What a page needs before it can be shown: read once, again when asked.
import { useEffect, useState } from "preact/hooks";
import { faultOf, isSignedOut, type Fault } from "./faults";

export interface Read<T> {
    value: T | null;
    fault: Fault | null;
    again: () => void;
}

export function useRead<T>(ask: (signal: AbortSignal) => Promise<T>, onSignedOut: () => void, about = ""): Read<T> {
    const [state, setState] = useState<{ value: T | null; fault: Fault | null }>({ value: null, fault: null });
    const [round, setRound] = useState(0);
    useEffect(() => {
        const stop = new AbortController();
        ask(stop.signal).then(
            (value) => stop.signal.aborted || setState({ value, fault: null }),
            (error: unknown) => {
                if (stop.signal.aborted) return;
                if (isSignedOut(error)) onSignedOut();
                else setState((old) => ({ ...old, fault: faultOf(error) }));
            },
        );
        return () => stop.abort();
    }, [round, about]);
    return { ...state, again: () => setRound((count) => count + 1) };
}
