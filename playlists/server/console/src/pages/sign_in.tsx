// Signing in. Refusals stay beside what was typed.
import { useState } from "preact/hooks";
import { api, ApiError, type Session } from "../api";
import { faultOf, type Fault } from "../faults";
import { fr } from "../fr";
import { Field, focusFirst } from "../parts/field";
import { FaultNotice, Notice } from "../parts/notice";
import { Page } from "../parts/page";

export function SignInPage(props: { reason: string; onEnter: (session: Session, words: string) => void }) {
    const [login, setLogin] = useState("");
    const [password, setPassword] = useState("");
    const [refusals, setRefusals] = useState<{ login?: string; password?: string }>({});
    const [fault, setFault] = useState<Fault | null>(null);
    const [busy, setBusy] = useState(false);

    const submit = async (event: Event) => {
        event.preventDefault();
        if (busy) return;
        const found: { login?: string; password?: string } = {};
        if (login.trim() === "") found.login = fr.signIn.loginMissing;
        if (password === "") found.password = fr.signIn.passwordMissing;
        setRefusals(found);
        setFault(null);
        if (Object.keys(found).length > 0) return focusFirst(Object.keys(found));
        setBusy(true);
        try {
            props.onEnter(await api.signIn(login.trim(), password), fr.account.signedInAs(login.trim()));
        } catch (error) {
            const status = error instanceof ApiError ? error.status : -1;
            if (status === 401 || status === 403) setFault({ text: fr.signIn.wrong, detail: "" });
            else if (status === 429) setFault({ text: fr.signIn.tooMany, detail: "" });
            else setFault(faultOf(error));
            setBusy(false);
            focusFirst(["password"]);
        }
    };

    return (
        <Page title={fr.signIn.title} intro={fr.signIn.intro} narrow>
            {props.reason !== "" && !fault && <Notice tone="remark">{props.reason}</Notice>}
            {fault && <FaultNotice fault={fault} />}
            <form class="panel" onSubmit={submit} noValidate>
                <Field id="login" label={fr.field.login} value={login} onValue={setLogin} autocomplete="username" refusal={refusals.login} />
                <Field
                    id="password"
                    type="password"
                    label={fr.field.password}
                    value={password}
                    onValue={setPassword}
                    autocomplete="current-password"
                    refusal={refusals.password}
                />
                <button class="button button-main" type="submit" aria-disabled={busy}>
                    {busy ? fr.signIn.busy : fr.signIn.submit}
                </button>
            </form>
            <p class="small">{fr.signIn.firstTime}</p>
            <p class="small">{fr.signIn.forgotten}</p>
        </Page>
    );
}
