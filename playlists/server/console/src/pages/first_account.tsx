// The first account, by the one-time link whose secret stands in the fragment (which browsers do not send).
import { useState } from "preact/hooks";
import { api, ApiError, type Session } from "../api";
import { faultOf, type Fault } from "../faults";
import { fr } from "../fr";
import { Field } from "../parts/field";
import { Form, useForm, type Refusals } from "../parts/form";
import { FaultNotice, Notice } from "../parts/notice";
import { Page } from "../parts/page";

const shortest = 12;
type Fields = "login" | "password" | "again";

function refusalsOf(login: string, password: string, again: string): Refusals<Fields> {
    const found: Refusals<Fields> = {};
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
    const form = useForm<Fields>();
    const [stale, setStale] = useState(props.secret === "");
    const [made, setMade] = useState(false);

    const name = login.trim();
    let created = made;
    const create = async () => {
        if (!created) await api.createFirstAccount(props.secret, name, password);
        created = true;
        setMade(true);
        props.onEnter(await api.signIn(name, password), fr.first.welcome);
    };
    const failed = (error: unknown): Fault | null => {
        const status = error instanceof ApiError ? error.status : -1;
        if (created) return { text: fr.first.createdNotSignedIn, detail: "" };
        if (status === 403) {
            setStale(true);
            return null;
        }
        if (status === 422 || status === 400)
            return { text: fr.first.unacceptable, detail: error instanceof ApiError ? error.detail : "" };
        return faultOf(error);
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
            {form.fault && <FaultNotice fault={form.fault} />}
            {form.fault && made && (
                <p>
                    <button type="button" class="button" onClick={props.onSignIn}>
                        {fr.first.toSignIn}
                    </button>
                </p>
            )}
            <Form
                busy={form.busy}
                submit={fr.first.submit}
                busyText={fr.first.busy}
                onSubmit={() => void form.send(refusalsOf(name, password, again), create, failed)}
            >
                <p class="small">{fr.required}</p>
                <Field
                    id="login"
                    label={fr.field.login}
                    hint={fr.first.loginHint}
                    value={login}
                    onValue={setLogin}
                    autocomplete="username"
                    refusal={form.refusals.login}
                />
                <Field
                    id="password"
                    type="password"
                    label={fr.field.password}
                    hint={fr.first.passwordHint}
                    value={password}
                    onValue={setPassword}
                    autocomplete="new-password"
                    refusal={form.refusals.password}
                />
                <Field
                    id="again"
                    type="password"
                    label={fr.field.passwordAgain}
                    value={again}
                    onValue={setAgain}
                    autocomplete="new-password"
                    refusal={form.refusals.again}
                />
            </Form>
        </Page>
    );
}
