// One's own account: password, second factor, tokens for programs.
import { useEffect, useState } from "preact/hooks";
import { announce } from "../../announce";
import { ApiError, type Role } from "../../api";
import { account, type PersonRecord, type TokenRecord } from "./api";
import type { PageProps } from "../../app";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { localDate } from "../../dates";
import { ago, fullDay } from "../../format";
import { fr } from "../../fr";
import { Field } from "../../parts/field";
import { Form, useForm } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { OneTimeSecret } from "./one_time_secret";
import { Page } from "../../parts/page";
import { PasswordFields, refusalsOfPassword } from "./password_fields";
import { QrPicture } from "./qr_code";
import { Select } from "../../parts/select";
import { words } from "./words";

const lesser: Role[] = ["evaluator", "contributor", "coordinator", "administrator"];
const spans = [30, 90, 180, 366];

// Of everything that asks for the password: null when it is shown beside the field.
function refusalOfPassword(error: unknown, onSignedOut: () => void, refuse: (text: string) => void): Fault | null {
    if (isSignedOut(error)) {
        onSignedOut();
        return null;
    }
    if (error instanceof ApiError && error.status === 403) {
        refuse(words.myAccount.currentWrong);
        return null;
    }
    if (error instanceof ApiError && error.status === 429) return { text: words.myAccount.tooMany, detail: "" };
    return faultOf(error);
}

interface PartProps {
    person: PersonRecord;
    onSignedOut: () => void;
    onChanged: (text: string) => void;
}

export function AccountPage(props: PageProps) {
    const [person, setPerson] = useState<PersonRecord | null>(null);
    const [fault, setFault] = useState<Fault | null>(null);
    const [said, setSaid] = useState("");
    const [turn, setTurn] = useState(0);

    const load = () => {
        setFault(null);
        account.get().then(setPerson, (error: unknown) => (isSignedOut(error) ? props.onSignedOut() : setFault(faultOf(error))));
    };
    useEffect(load, []);
    const changed = (text: string) => {
        setSaid(text);
        announce(text);
        setTurn(turn + 1);
        load();
    };
    if (!person)
        return (
            <Page title={words.myAccount.title} narrow>
                {fault ? <FaultNotice fault={fault} onRetry={load} /> : <p class="loading">{fr.loading}</p>}
            </Page>
        );
    const parts = { person, onSignedOut: props.onSignedOut, onChanged: changed };
    return (
        <Page title={words.myAccount.title} intro={words.myAccount.intro(person.login, words.people.roles[person.role].toLowerCase())} narrow>
            {said !== "" && <Notice tone="success">{said}</Notice>}
            <Password key={`password-${turn}`} {...parts} />
            <Second {...parts} />
            {person.role !== "reception" && <Tokens key={`tokens-${turn}`} {...parts} />}
        </Page>
    );
}

function Password(props: PartProps) {
    const [current, setCurrent] = useState("");
    const [password, setPassword] = useState("");
    const [again, setAgain] = useState("");
    const form = useForm<"current" | "password" | "again">();
    const refusals = () => ({
        ...(current === "" && { current: words.myAccount.currentMissing }),
        ...refusalsOfPassword(props.person.login, password, again),
    });
    const send = async () => {
        await account.changePassword(current, password);
        props.onChanged(words.myAccount.changed);
    };
    const failed = (error: unknown): Fault | null => {
        if (error instanceof ApiError && error.status === 422) {
            form.refuse({ password: password === current ? words.myAccount.same : words.invitation.common });
            return null;
        }
        return refusalOfPassword(error, props.onSignedOut, (text) => form.refuse({ current: text }));
    };
    return (
        <section class="block">
            <h2>{words.myAccount.password}</h2>
            {form.fault && <FaultNotice fault={form.fault} />}
            <Form busy={form.busy} submit={words.myAccount.change} busyText={words.people.busy} onSubmit={() => void form.send(refusals(), send, failed)}>
                <p class="small">{words.myAccount.passwordHelp}</p>
                <input type="text" name="login" value={props.person.login} autocomplete="username" readOnly hidden />
                <Field
                    id="current"
                    type="password"
                    label={words.myAccount.current}
                    value={current}
                    onValue={setCurrent}
                    autocomplete="current-password"
                    refusal={form.refusals.current}
                />
                <PasswordFields
                    label={words.myAccount.fresh}
                    password={password}
                    again={again}
                    onPassword={setPassword}
                    onAgain={setAgain}
                    refusals={form.refusals}
                />
            </Form>
        </section>
    );
}

function Second(props: PartProps) {
    const [password, setPassword] = useState("");
    const [code, setCode] = useState("");
    const [begun, setBegun] = useState<{ secret: string; qr: string[] | null } | null>(null);
    const [recovery, setRecovery] = useState<string[] | null>(null);
    const form = useForm<"second-password" | "code">();
    const refused = (error: unknown): Fault | null =>
        refusalOfPassword(error, props.onSignedOut, (text) => form.refuse({ "second-password": text }));
    const withPassword = (work: () => Promise<void>) => () =>
        void form.send(password === "" ? { "second-password": words.myAccount.currentMissing } : {}, work, refused);

    const begin = async () => {
        setBegun(await account.beginSecondFactor(password));
        setPassword("");
    };
    const remove = async () => {
        await account.removeSecondFactor(password);
        setPassword("");
        props.onChanged(words.myAccount.removed);
    };
    const confirm = async () => {
        setRecovery((await account.confirmSecondFactor(code)).recovery_codes);
        setBegun(null);
        setCode("");
        announce(words.myAccount.active);
    };
    const notConfirmed = (error: unknown): Fault | null => {
        if (error instanceof ApiError && error.status === 422) {
            form.refuse({ code: words.second.codeWrong });
            return null;
        }
        return refused(error);
    };

    let body;
    if (recovery)
        body = (
            <div class="panel stack spaced">
                <h3>{words.myAccount.recovery}</h3>
                <p>{words.myAccount.recoveryHelp}</p>
                <ul class="codes">
                    {recovery.map((one) => (
                        <li key={one}>
                            <code>{one}</code>
                        </li>
                    ))}
                </ul>
                <button
                    type="button"
                    class="button button-main"
                    onClick={() => {
                        setRecovery(null);
                        props.onChanged(words.myAccount.active);
                    }}
                >
                    {words.myAccount.noted}
                </button>
            </div>
        );
    else if (begun)
        body = (
            <Form
                busy={form.busy}
                submit={words.myAccount.confirm}
                busyText={words.people.busy}
                onSubmit={() => void form.send(code.trim() === "" ? { code: words.second.codeMissing } : {}, confirm, notConfirmed)}
            >
                <p>{words.myAccount.scan}</p>
                {begun.qr && <QrPicture rows={begun.qr} label={words.myAccount.qrLabel} />}
                <p class="small">
                    {words.myAccount.secretHelp} <code>{begun.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
                </p>
                <Field id="code" label={words.second.code} value={code} onValue={setCode} autocomplete="one-time-code" refusal={form.refusals.code} />
                <button type="button" class="button" onClick={() => setBegun(null)}>
                    {words.myAccount.cancel}
                </button>
            </Form>
        );
    else
        body = (
            <Form
                busy={form.busy}
                submit={props.person.second_factor ? words.myAccount.remove : words.myAccount.begin}
                busyText={words.people.busy}
                onSubmit={withPassword(props.person.second_factor ? remove : begin)}
            >
                <p>{props.person.second_factor ? words.myAccount.secondOn : words.myAccount.secondOff}</p>
                <Field
                    id="second-password"
                    type="password"
                    label={words.myAccount.current}
                    value={password}
                    onValue={setPassword}
                    autocomplete="current-password"
                    refusal={form.refusals["second-password"]}
                />
            </Form>
        );
    return (
        <section class="block">
            <h2>{words.myAccount.second}</h2>
            {form.fault && <FaultNotice fault={form.fault} />}
            {body}
        </section>
    );
}

function Tokens(props: PartProps) {
    const [list, setList] = useState<TokenRecord[] | null>(null);
    const [name, setName] = useState("");
    const [role, setRole] = useState<Role>("evaluator");
    const [days, setDays] = useState("90");
    const [password, setPassword] = useState("");
    const [made, setMade] = useState("");
    const [fault, setFault] = useState<Fault | null>(null);
    const form = useForm<"token-name" | "token-password">();

    const load = () =>
        account.tokens().then(setList, (error: unknown) => (isSignedOut(error) ? props.onSignedOut() : setFault(faultOf(error))));
    useEffect(() => void load(), []);

    const refusals = () => ({
        ...(name.trim() === "" && { "token-name": words.myAccount.tokenNameMissing }),
        ...(password === "" && { "token-password": words.myAccount.currentMissing }),
    });
    const make = async () => {
        setMade((await account.makeToken(name.trim(), role, Number(days), password)).token);
        setName("");
        setPassword("");
        await load();
    };
    const failed = (error: unknown): Fault | null =>
        refusalOfPassword(error, props.onSignedOut, (text) => form.refuse({ "token-password": text }));
    const drop = async (token: TokenRecord) => {
        setFault(null);
        try {
            await account.removeToken(token.id);
            setMade("");
            await load();
            announce(words.myAccount.dropped(token.name));
        } catch (error) {
            if (isSignedOut(error)) props.onSignedOut();
            else setFault(faultOf(error));
        }
    };
    const now = new Date();
    const mine = lesser.slice(0, lesser.indexOf(props.person.role) + 1);
    return (
        <section class="block">
            <h2>{words.myAccount.tokens}</h2>
            <p class="intro">{words.myAccount.tokensHelp}</p>
            {fault && <FaultNotice fault={fault} />}
            {list?.length === 0 && <p class="small">{words.myAccount.tokensNone}</p>}
            {list && list.length > 0 && (
                <table class="cards tokens">
                    <caption class="unseen">{words.myAccount.tokensCaption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.myAccount.head.name}</th>
                            <th scope="col">{words.myAccount.head.role}</th>
                            <th scope="col">{words.myAccount.head.used}</th>
                            <th scope="col">{words.myAccount.head.expires}</th>
                            <th scope="col">
                                <span class="unseen">{words.myAccount.drop}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {list.map((token) => (
                            <tr key={token.id}>
                                <th scope="row">{token.name}</th>
                                <td data-label={words.myAccount.head.role}>{words.people.roles[token.role]}</td>
                                <td data-label={words.myAccount.head.used}>{token.last_used ? ago(new Date(token.last_used), now) : words.myAccount.unused}</td>
                                <td data-label={words.myAccount.head.expires}>{fullDay(localDate(new Date(token.expires)))}</td>
                                <td>
                                    <button type="button" class="button" aria-label={words.myAccount.dropOf(token.name)} onClick={() => void drop(token)}>
                                        {words.myAccount.drop}
                                    </button>
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
            {made !== "" && (
                <Notice tone="success">
                    <p>{words.myAccount.made}</p>
                    <OneTimeSecret id="token" label={words.myAccount.token} value={made} />
                </Notice>
            )}
            {form.fault && <FaultNotice fault={form.fault} />}
            <Form busy={form.busy} submit={words.myAccount.make} busyText={words.people.busy} onSubmit={() => void form.send(refusals(), make, failed)}>
                <Field
                    id="token-name"
                    label={words.myAccount.tokenName}
                    hint={words.myAccount.tokenNameHint}
                    value={name}
                    onValue={setName}
                    refusal={form.refusals["token-name"]}
                />
                <Select
                    id="token-role"
                    label={words.myAccount.tokenRole}
                    value={role}
                    onValue={(value) => setRole(value as Role)}
                    options={mine.map((one) => ({ value: one, label: words.people.roles[one] }))}
                />
                <Select
                    id="token-days"
                    label={words.myAccount.tokenDays}
                    value={days}
                    onValue={setDays}
                    options={spans.map((count) => ({ value: String(count), label: words.myAccount.days(count) }))}
                />
                <Field
                    id="token-password"
                    type="password"
                    label={words.myAccount.current}
                    value={password}
                    onValue={setPassword}
                    autocomplete="current-password"
                    refusal={form.refusals["token-password"]}
                />
            </Form>
        </section>
    );
}
