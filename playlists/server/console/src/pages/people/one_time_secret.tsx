// A link that works once, shown once, to be copied.
import { useRef } from "preact/hooks";
import { announce } from "../../announce";
import { words } from "./words";

export function OneTimeSecret(props: { id: string; label: string; value: string }) {
    const field = useRef<HTMLInputElement>(null);
    const copy = async () => {
        field.current?.select();
        try {
            await navigator.clipboard.writeText(props.value);
        } catch {
            document.execCommand("copy"); // without TLS browsers give no clipboard
        }
        announce(words.people.copied);
    };
    return (
        <div class="field">
            <label for={props.id}>{props.label}</label>
            <div class="field-row">
                <input id={props.id} ref={field} type="text" readOnly value={props.value} class="secret" onFocus={(event) => event.currentTarget.select()} />
                <button type="button" class="button" onClick={() => void copy()}>
                    {words.people.copy}
                </button>
            </div>
        </div>
    );
}
