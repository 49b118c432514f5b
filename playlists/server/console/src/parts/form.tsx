// One form: what is refused stands beside what was typed, what failed stands above, and a second press does not send twice.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Fault } from "../faults";
import { focusFirst } from "./field";

// By the id of the field.
export type Refusals<Key extends string> = Partial<Record<Key, string>>;

export function useForm<Key extends string>() {
    const [refusals, setRefusals] = useState<Refusals<Key>>({});
    const [fault, setFault] = useState<Fault | null>(null);
    const [busy, setBusy] = useState(false);

    const refuse = (found: Refusals<Key>) => {
        setRefusals(found);
        focusFirst(Object.keys(found));
    };
    // Works when nothing is refused. `failed` says what an error means here; null: it has been shown otherwise.
    const send = async (found: Refusals<Key>, work: () => Promise<void>, failed: (error: unknown) => Fault | null) => {
        if (busy) return;
        setFault(null);
        refuse(found);
        if (Object.keys(found).length > 0) return;
        setBusy(true);
        try {
            await work();
        } catch (error) {
            setFault(failed(error));
        }
        setBusy(false);
    };
    // Of what was refused, what still is: a field that has been corrected stops complaining.
    const standing = (now: Refusals<Key>): Refusals<Key> =>
        Object.fromEntries(Object.entries(now).filter(([key]) => key in refusals)) as Refusals<Key>;
    return { refusals, fault, busy, refuse, send, standing };
}

export function Form(props: {
    busy: boolean;
    submit: string;
    busyText: string;
    onSubmit: () => void;
    hidden?: boolean; // the button, for whoever may only read
    children: ComponentChildren;
}): JSX.Element {
    const submit = (event: Event) => {
        event.preventDefault();
        props.onSubmit();
    };
    return (
        <form class="panel" onSubmit={submit} noValidate>
            <fieldset class="form-fields" disabled={props.hidden ?? false}>
                {props.children}
            </fieldset>
            {!props.hidden && (
                <button class="button button-main" type="submit" aria-disabled={props.busy}>
                    {props.busy ? props.busyText : props.submit}
                </button>
            )}
        </form>
    );
}
