// One labelled input with its hint and its refusal, tied together for screen readers. What was typed is the caller's to keep.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fr } from "../fr";

export interface FieldProps {
    id: string;
    label: string;
    value: string;
    onValue: (value: string) => void;
    type?: "text" | "password" | "date";
    hint?: string | undefined;
    refusal?: string | undefined;
    autocomplete?: string;
    optional?: boolean;
}

export function Field(props: FieldProps): JSX.Element {
    const [shown, setShown] = useState(false);
    const secret = props.type === "password";
    const described = [props.hint ? `${props.id}-hint` : "", props.refusal ? `${props.id}-refusal` : ""].filter(Boolean).join(" ");
    return (
        <div class={props.refusal ? "field field-refused" : "field"}>
            <label for={props.id}>{props.label}</label>
            {props.hint && (
                <p class="field-hint" id={`${props.id}-hint`}>
                    {props.hint}
                </p>
            )}
            <div class="field-row">
                <input
                    id={props.id}
                    name={props.id}
                    type={(secret && shown ? "text" : (props.type ?? "text")) as "text"}
                    value={props.value}
                    onInput={(event) => props.onValue(event.currentTarget.value)}
                    autocomplete={props.autocomplete ?? "off"}
                    autocapitalize="none"
                    spellcheck={false}
                    aria-required={props.optional ? undefined : "true"}
                    aria-invalid={props.refusal ? "true" : undefined}
                    aria-describedby={described === "" ? undefined : described}
                />
                {secret && (
                    <button
                        type="button"
                        class="button button-quiet"
                        aria-label={shown ? fr.field.hidePassword : fr.field.showPassword}
                        onClick={() => setShown(!shown)}
                    >
                        {shown ? fr.field.hide : fr.field.show}
                    </button>
                )}
            </div>
            {props.refusal && (
                <p class="field-refusal" id={`${props.id}-refusal`}>
                    {props.refusal}
                </p>
            )}
        </div>
    );
}

// After a refusal, the first field that needs another look.
export function focusFirst(ids: string[]): void {
    const id = ids[0];
    if (id) requestAnimationFrame(() => document.getElementById(id)?.focus());
}
