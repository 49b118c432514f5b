// The first account, by the one-time link whose secret stands in the fragment (which browsers do not send).
import { useState } from "preact/hooks";
import { api, ApiError, type Session } from "../api";
import { faultOf, type Fault } from "../faults";
import { fr } from "../fr";
import { Field, focusFirst } from "../parts/field";
import { FaultNotice, Notice } from "../parts/notice";
import { Page } from "../parts/page";

const shortest = 12;
type Refusals = { login?: string; password?: string; again?: string };

function refusalsOf(login: string, password: string, again: string): Refusals {
    const found: Refusals = {};
    const length = [...password].length;
    if (login === "") found.login = fr.first.loginMissing;
    else if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(login)) found.login = fr.first.loginShape;
    if (password === "") found.password = fr.first.passwordMissing;
    else if (length < shortest) found.password = fr.first.passwordShort(length);
    else if (password.toLowerCase() === login.toLowerCase()) found.password = fr.first.passwordLikeLogin;
    if (!found.password && again === "") found.again = fr.first.againMissing;
    else if (!found.password && again !== password) found.again = fr.first.againDiffers;
    return found;
}

export function FirstAccountPage(props: {
    secret: string;
    onEnter: (session: Session, words: string) => void;
    onSignIn: () => void;
}) {
    const [login, setLogin] = useState("");
    const [password, setPassword] = useState("");
    const [again, setAgain] = useState("");
    const [refusals, setRefusals] = useState<Refusals>({});
    const [fault, setFault] = useState<Fault | null>(null);
    const [stale, setStale] = useState(props.secret === "");
    const [made, setMade] = useState(false);
    const [busy, setBusy] = useState(false);

    const submit = async (event: Event) => {
        event.preventDefault();
        if (busy) return;
        const name = login.trim();
        const found = refusalsOf(name, password, again);
        setRefusals(found);
        setFault(null);
        if (Object.keys(found).length > 0) return focusFirst(Object.keys(found));
        setBusy(true);
        let created = made;
        try {
            if (!created) await api.createFirstAccount(props.secret, name, password);
            created = true;
            setMade(true);
            props.onEnter(await api.signIn(name, password), fr.first.welcome);
        } catch (error) {
            setBusy(false);
            const status = error instanceof ApiError ? error.status : -1;
            if (created) setFault({ text: fr.first.createdNotSignedIn, detail: "" });
            else if (status === 403) setStale(true);
            else if (status === 422 || status === 400)
                setFault({ text: fr.first.unacceptable, detail: error instanceof ApiError ? error.detail : "" });
            else setFault(faultOf(error));
        }
    };

    return (
        <Page title={fr.first.title} intro={fr.first.intro} narrow>
            {stale && (
                <Notice tone="refusal">
                    <p>{props.secret === "" ? fr.first.noSecret : fr.first.refused}</p>
                    <p>{fr.first.refusedHelp}</p>
                    <button type="button" class="button" onClick={props.onSignIn}>
                        {fr.first.toSignIn}
                    </button>
                </Notice>
            )}
            {fault && <FaultNotice fault={fault} />}
            {fault && made && (
                <p>
                    <button type="button" class="button" onClick={props.onSignIn}>
                        {fr.first.toSignIn}
                    </button>
                </p>
            )}
            <form class="panel" onSubmit={submit} noValidate>
                <p class="small">{fr.required}</p>
                <Field
                    id="login"
                    label={fr.field.login}
                    hint={fr.first.loginHint}
                    value={login}
                    onValue={setLogin}
                    autocomplete="username"
                    refusal={refusals.login}
                />
                <Field
                    id="password"
                    type="password"
                    label={fr.field.password}
                    hint={fr.first.passwordHint}
                    value={password}
                    onValue={setPassword}
                    autocomplete="new-password"
                    refusal={refusals.password}
                />
                <Field
                    id="again"
                    type="password"
                    label={fr.field.passwordAgain}
                    value={again}
                    onValue={setAgain}
                    autocomplete="new-password"
                    refusal={refusals.again}
                />
                <button class="button button-main" type="submit" aria-disabled={busy}>
                    {busy ? fr.first.busy : fr.first.submit}
                </button>
            </form>
        </Page>
    );
}
