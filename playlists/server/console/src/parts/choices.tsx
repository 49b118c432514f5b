// One of few, each with a line of explanation: radio buttons under a question.
import type { ComponentChildren, JSX } from "preact";

export interface Choice<T extends string> {
    value: T;
    label: string;
    hint?: string;
}

export function Choices<T extends string>(props: {
    name: string;
    legend: string;
    value: T | "";
    choices: Choice<T>[];
    onValue: (value: T) => void;
    refusal?: string | undefined;
    children?: ComponentChildren;
}): JSX.Element {
    return (
        <fieldset class={props.refusal ? "field field-refused" : "field"} aria-describedby={props.refusal ? `${props.name}-refusal` : undefined}>
            <legend>{props.legend}</legend>
            <div class="choices">
                {props.choices.map((choice, index) => (
                    <label key={choice.value} class="choice">
                        <input
                            type="radio"
                            id={index === 0 ? props.name : undefined}
                            name={props.name}
                            value={choice.value}
                            checked={props.value === choice.value}
                            onChange={() => props.onValue(choice.value)}
                        />
                        <span>
                            {choice.label}
                            {choice.hint && <span class="second">{choice.hint}</span>}
                        </span>
                    </label>
                ))}
            </div>
            {props.refusal && (
                <p class="field-refusal" id={`${props.name}-refusal`}>
                    {props.refusal}
                </p>
            )}
            {props.children}
        </fieldset>
    );
}
