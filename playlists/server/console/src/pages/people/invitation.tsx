// Whoever opens the link of an invitation chooses a password. The secret stands in the fragment, which browsers do not send.
import { useEffect, useState } from "preact/hooks";
import { api, ApiError, type Session } from "../../api";
import { people, type OpenInvitation } from "./api";
import { faultOf, type Fault } from "../../faults";
import { fr } from "../../fr";
import { Form, useForm } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { PasswordFields, refusalsOfPassword } from "./password_fields";
import { territoryWords } from "./territory";
import { words } from "./words";

export function InvitationPage(props: { secret: string; onEnter: (session: Session, words: string) => void; onSignIn: () => void }) {
    const [found, setFound] = useState<OpenInvitation | null>(null);
    const [gone, setGone] = useState(false);
    const [made, setMade] = useState(false);
    const [fault, setFault] = useState<Fault | null>(null);
    const [password, setPassword] = useState("");
    const [again, setAgain] = useState("");
    const form = useForm<"password" | "again">();

    const load = () => {
        setFault(null);
        people.findInvitation(props.secret).then(setFound, (error: unknown) => {
            if (error instanceof ApiError && (error.status === 404 || error.status === 422)) setGone(true);
            else setFault(faultOf(error));
        });
    };
    useEffect(load, [props.secret]);

    const login = found?.login ?? "";
    let done = made;
    const accept = async () => {
        if (!done) await people.acceptInvitation(props.secret, password);
        done = true;
        setMade(true);
        props.onEnter(await api.signIn(login, password), words.invitation.welcome);
    };
    const failed = (error: unknown): Fault | null => {
        if (done) return { text: words.invitation.made, detail: "" };
        const status = error instanceof ApiError ? error.status : -1;
        if (status === 404) {
            setGone(true);
            return null;
        }
        if (status === 422) {
            form.refuse({ password: words.invitation.common });
            return null;
        }
        return faultOf(error);
    };
    const toSignIn = (
        <button type="button" class="button" onClick={props.onSignIn}>
            {words.invitation.toSignIn}
        </button>
    );
    if (gone)
        return (
            <Page title={words.invitation.title} narrow>
                <Notice tone="refusal">
                    <p>{words.invitation.gone}</p>
                    {toSignIn}
                </Notice>
            </Page>
        );
    if (!found)
        return (
            <Page title={words.invitation.title} narrow>
                {fault ? <FaultNotice fault={fault} onRetry={load} /> : <p class="loading">{fr.loading}</p>}
            </Page>
        );
    const where = found.role === "coordinator" || found.role === "contributor" ? territoryWords(found.territory) : "";
    return (
        <Page
            title={words.invitation.title}
            intro={found.renews ? words.invitation.introRenewal(login) : words.invitation.intro(login)}
            narrow
        >
            {!found.renews && <p class="small">{words.invitation.asRole(words.people.roles[found.role], where)}</p>}
            {form.fault && <FaultNotice fault={form.fault} />}
            {form.fault && made && <p>{toSignIn}</p>}
            <Form
                busy={form.busy}
                submit={words.invitation.submit}
                busyText={words.people.busy}
                onSubmit={() => void form.send(refusalsOfPassword(login, password, again), accept, failed)}
            >
                <input type="text" name="login" value={login} autocomplete="username" readOnly hidden />
                <PasswordFields
                    label={fr.field.password}
                    password={password}
                    again={again}
                    onPassword={setPassword}
                    onAgain={setAgain}
                    refusals={form.refusals}
                />
            </Form>
        </Page>
    );
}
