// A new password, twice, with what is wrong with it.
import type { JSX } from "preact";
import { fr } from "../../fr";
import { Field } from "../../parts/field";
import type { Refusals } from "../../parts/form";

const shortest = 12;

export function refusalsOfPassword(login: string, password: string, again: string): Refusals<"password" | "again"> {
    const found: Refusals<"password" | "again"> = {};
    const length = [...password].length;
    if (password === "") found.password = fr.first.passwordMissing;
    else if (length < shortest) found.password = fr.first.passwordShort(length);
    else if (password.toLowerCase() === login.toLowerCase()) found.password = fr.first.passwordLikeLogin;
    else if (again === "") found.again = fr.first.againMissing;
    else if (again !== password) found.again = fr.first.againDiffers;
    return found;
}

export function PasswordFields(props: {
    label: string;
    password: string;
    again: string;
    onPassword: (value: string) => void;
    onAgain: (value: string) => void;
    refusals: Refusals<"password" | "again">;
}): JSX.Element {
    return (
        <>
            <Field
                id="password"
                type="password"
                label={props.label}
                hint={fr.first.passwordHint}
                value={props.password}
                onValue={props.onPassword}
                autocomplete="new-password"
                refusal={props.refusals.password}
            />
            <Field
                id="again"
                type="password"
                label={fr.field.passwordAgain}
                value={props.again}
                onValue={props.onAgain}
                autocomplete="new-password"
                refusal={props.refusals.again}
            />
        </>
    );
}
