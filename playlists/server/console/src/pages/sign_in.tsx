// Signing in. Refusals stay beside what was typed.
import { useState } from "preact/hooks";
import { api, ApiError, type Session } from "../api";
import { faultOf, type Fault } from "../faults";
import { fr } from "../fr";
import { Field, focusFirst } from "../parts/field";
import { Form, useForm } from "../parts/form";
import { FaultNotice, Notice } from "../parts/notice";
import { Page } from "../parts/page";

export function SignInPage(props: { reason: string; onEnter: (session: Session, words: string) => void }) {
    const [login, setLogin] = useState("");
    const [password, setPassword] = useState("");
    const form = useForm<"login" | "password">();

    const refusals = () => ({
        ...(login.trim() === "" && { login: fr.signIn.loginMissing }),
        ...(password === "" && { password: fr.signIn.passwordMissing }),
    });
    const enter = async () => props.onEnter(await api.signIn(login.trim(), password), fr.account.signedInAs(login.trim()));
    const failed = (error: unknown): Fault => {
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
            </Form>
            <p class="small">{fr.signIn.firstTime}</p>
            <p class="small">{fr.signIn.forgotten}</p>
        </Page>
    );
}
