// Signing in. Refusals stay beside what was typed.
import { useState } from "preact/hooks";
import { api, ApiError, type Session } from "../api";
import { faultOf, type Fault } from "../faults";
import { fr } from "../fr";
import { Field, focusFirst } from "../parts/field";
import { Form, useForm } from "../parts/form";
import { FaultNotice, Notice } from "../parts/notice";
import { Page } from "../parts/page";
import { words } from "./people/words";

export function SignInPage(props: { reason: string; onEnter: (session: Session, words: string) => void }) {
    const [login, setLogin] = useState("");
    const [password, setPassword] = useState("");
    const [code, setCode] = useState("");
    const [codeAsked, setCodeAsked] = useState(false); // the password was right, and the account has a second factor
    const form = useForm<"login" | "password" | "code">();

    const refusals = () => ({
        ...(login.trim() === "" && { login: fr.signIn.loginMissing }),
        ...(password === "" && { password: fr.signIn.passwordMissing }),
        ...(codeAsked && code.trim() === "" && { code: words.second.codeMissing }),
    });
    const enter = async () => props.onEnter(await api.signIn(login.trim(), password, code.trim()), fr.account.signedInAs(login.trim()));
    const failed = (error: unknown): Fault | null => {
        if (error instanceof ApiError && error.status === 401 && error.problem.second_factor === true) {
            if (codeAsked) form.refuse({ code: words.second.codeWrong });
            else setCodeAsked(true);
            focusFirst(["code"]);
            return null;
        }
        focusFirst(["password"]);
        const status = error instanceof ApiError ? error.status : -1;
        if (status === 401 || status === 403) return { text: fr.signIn.wrong, detail: "" };
        if (status === 429) return { text: fr.signIn.tooMany, detail: "" };
        return faultOf(error);
    };

    return (
        <Page title={fr.signIn.title} intro={fr.signIn.intro} narrow>
            {props.reason !== "" && !form.fault && <Notice tone="remark">{props.reason}</Notice>}
            {form.fault && <FaultNotice fault={form.fault} />}
            <Form
                busy={form.busy}
                submit={fr.signIn.submit}
                busyText={fr.signIn.busy}
                onSubmit={() => void form.send(refusals(), enter, failed)}
            >
                <Field id="login" label={fr.field.login} value={login} onValue={setLogin} autocomplete="username" refusal={form.refusals.login} />
                <Field
                    id="password"
                    type="password"
                    label={fr.field.password}
                    value={password}
                    onValue={setPassword}
                    autocomplete="current-password"
                    refusal={form.refusals.password}
                />
                {codeAsked && (
                    <>
                        <p role="status">{words.second.asked}</p>
                        <Field
                            id="code"
                            label={words.second.code}
                            hint={words.second.codeHint}
                            value={code}
                            onValue={setCode}
                            autocomplete="one-time-code"
                            refusal={form.refusals.code}
                        />
                    </>
                )}
            </Form>
            <p class="small">{fr.signIn.firstTime}</p>
            <p class="small">{fr.signIn.forgotten}</p>
        </Page>
    );
}
