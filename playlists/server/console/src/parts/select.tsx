// One labelled list to choose from, with its refusal, tied together for screen readers.
import type { JSX } from "preact";

export interface SelectProps {
    id: string;
    label: string;
    value: string;
    onValue: (value: string) => void;
    options: { value: string; label: string }[];
    refusal?: string | undefined;
    optional?: boolean;
}

export function Select(props: SelectProps): JSX.Element {
    return (
        <div class={props.refusal ? "field field-refused" : "field"}>
            <label for={props.id}>{props.label}</label>
            <div class="field-row">
                <select
                    id={props.id}
                    name={props.id}
                    value={props.value}
                    onChange={(event) => props.onValue(event.currentTarget.value)}
                    aria-required={props.optional ? undefined : "true"}
                    aria-invalid={props.refusal ? "true" : undefined}
                    aria-describedby={props.refusal ? `${props.id}-refusal` : undefined}
                >
                    {props.options.map((option) => (
                        <option key={option.value} value={option.value}>
                            {option.label}
                        </option>
                    ))}
                </select>
            </div>
            {props.refusal && (
                <p class="field-refusal" id={`${props.id}-refusal`}>
                    {props.refusal}
                </p>
            )}
        </div>
    );
}
