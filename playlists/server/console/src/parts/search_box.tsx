// A search field whose result is said, once typing has paused, to who does not see it.
import { useEffect } from "preact/hooks";
import { announce } from "../announce";

export function SearchBox(props: { id?: string; label: string; value: string; onValue: (value: string) => void; hint?: string; said: string }) {
    const id = props.id ?? "search";
    useEffect(() => {
        if (props.value === "") return;
        const timer = setTimeout(() => announce(props.said), 600);
        return () => clearTimeout(timer);
    }, [props.value]);
    return (
        <div class="search no-print" role="search">
            <label for={id}>{props.label}</label>
            <input
                id={id}
                type="search"
                value={props.value}
                placeholder={props.hint}
                onInput={(event) => props.onValue(event.currentTarget.value)}
                autocomplete="off"
                spellcheck={false}
            />
        </div>
    );
}
