// Who may sign in: the list, invitations, and what one changes of somebody.
import { useEffect, useState } from "preact/hooks";
import { announce } from "../../announce";
import { api, ApiError, type SiteRecord } from "../../api";
import { people, type InvitationLink, type InvitationRecord, type PersonRecord, type Standing } from "./api";
import type { PageProps } from "../../app";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { ago, fullMoment } from "../../format";
import { fr } from "../../fr";
import { Field } from "../../parts/field";
import { Form, useForm } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { OneTimeSecret } from "./one_time_secret";
import { Page } from "../../parts/page";
import { choiceOf, noChoice, refusalsOfChoice, StandingFields, standingOf } from "./standing_fields";
import { follow, go } from "../../router";
import { territoryWords } from "./territory";
import { words } from "./words";

const here = "/console/personnes";
const editing = (login: string) => `${here}?modifier=${encodeURIComponent(login)}`;

const siteName = (sites: Record<string, SiteRecord>, site: string | null) => (site === null ? "" : (sites[site]?.name ?? site));

function whereOf(standing: Standing, sites: Record<string, SiteRecord>): string {
    if (standing.role === "reception") return siteName(sites, standing.site);
    return standing.role === "coordinator" || standing.role === "contributor" ? territoryWords(standing.territory) : words.people.everywhere;
}

export function PeoplePage(props: PageProps) {
    const [list, setList] = useState<PersonRecord[] | null>(null);
    const [waiting, setWaiting] = useState<InvitationRecord[]>([]);
    const [sites, setSites] = useState<Record<string, SiteRecord>>({});
    const [fault, setFault] = useState<Fault | null>(null);
    const [link, setLink] = useState<InvitationLink | null>(null);
    const [said, setSaid] = useState("");

    const failed = (error: unknown) => (isSignedOut(error) ? props.onSignedOut() : setFault(faultOf(error)));
    const load = async () => {
        setFault(null);
        try {
            const [all, invitations, places] = await Promise.all([people.list(), people.invitations(), api.sites()]);
            setList(all);
            setWaiting(invitations);
            setSites(places);
        } catch (error) {
            failed(error);
        }
    };
    useEffect(() => void load(), []);

    const say = (text: string) => {
        setSaid(text);
        announce(text);
    };
    const back = async (text: string) => {
        setLink(null);
        go(here);
        await load();
        if (text !== "") say(text);
    };
    const withdraw = async (invitation: InvitationRecord) => {
        try {
            await people.withdraw(invitation.id);
            await load();
            say(words.people.withdrawn(invitation.login));
        } catch (error) {
            failed(error);
        }
    };

    if (link)
        return (
            <Page title={words.people.linkTitle(link.login)} narrow>
                <div class="panel stack">
                    <p>{words.people.linkHelp(fullMoment(new Date(link.expires)))}</p>
                    <OneTimeSecret id="link" label={words.people.link} value={new URL(link.link, location.origin).href} />
                    <button type="button" class="button button-main" onClick={() => void back("")}>
                        {words.people.done}
                    </button>
                </div>
            </Page>
        );
    const chosen = props.place.query.get("modifier");
    if (chosen !== null && list)
        return <EditPerson key={chosen} login={chosen} sites={sites} onLink={setLink} onBack={back} onSignedOut={props.onSignedOut} />;
    if (props.place.query.has("inviter")) return <Invite sites={sites} onLink={setLink} onBack={back} onSignedOut={props.onSignedOut} />;

    const now = new Date();
    return (
        <Page title={words.people.title} intro={words.people.intro}>
            {fault && <FaultNotice fault={fault} onRetry={() => void load()} />}
            {said !== "" && <Notice tone="success">{said}</Notice>}
            <p class="actions">
                <a class="button button-main" href={`${here}?inviter`} onClick={follow}>
                    {words.people.invite}
                </a>
            </p>
            {list === null && !fault && <p class="loading">{fr.loading}</p>}
            {list && (
                <div class="block">
                    <table class="cards">
                        <caption class="unseen">{words.people.caption}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{words.people.head.login}</th>
                                <th scope="col">{words.people.head.role}</th>
                                <th scope="col">{words.people.head.where}</th>
                                <th scope="col">{words.people.head.seen}</th>
                                <th scope="col">{words.people.head.second}</th>
                                <th scope="col">
                                    <span class="unseen">{words.people.edit}</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {list.map((person) => (
                                <tr key={person.login}>
                                    <th scope="row">{person.login}</th>
                                    <td data-label={words.people.head.role}>{person.ended ? <span class="nothing">{words.people.ended}</span> : words.people.roles[person.role]}</td>
                                    <td data-label={words.people.head.where}>{person.ended ? "" : whereOf(person, sites)}</td>
                                    <td data-label={words.people.head.seen}>
                                        {person.last_seen ? (
                                            <time dateTime={person.last_seen}>{ago(new Date(person.last_seen), now)}</time>
                                        ) : (
                                            <span class="nothing">{person.ended ? "" : words.people.never}</span>
                                        )}
                                    </td>
                                    <td data-label={words.people.head.second}>{person.ended ? "" : person.second_factor ? words.people.yes : words.people.no}</td>
                                    <td>
                                        {!person.ended && (
                                            <a href={editing(person.login)} onClick={follow} aria-label={words.people.editOf(person.login)}>
                                                {words.people.edit}
                                            </a>
                                        )}
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {waiting.length > 0 && (
                <section class="block">
                    <h2>{words.people.invitations}</h2>
                    <table class="cards">
                        <caption class="unseen">{words.people.invitationsCaption}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{words.people.head.login}</th>
                                <th scope="col">{words.people.head.role}</th>
                                <th scope="col">{words.people.head.where}</th>
                                <th scope="col">{words.people.until}</th>
                                <th scope="col">
                                    <span class="unseen">{words.people.withdraw}</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {waiting.map((invitation) => (
                                <tr key={invitation.id}>
                                    <th scope="row">{invitation.login}</th>
                                    <td data-label={words.people.head.role}>{invitation.renews ? words.people.renewal : words.people.roles[invitation.role]}</td>
                                    <td data-label={words.people.head.where}>{whereOf(invitation, sites)}</td>
                                    <td data-label={words.people.until}>{fullMoment(new Date(invitation.expires))}</td>
                                    <td>
                                        <button
                                            type="button"
                                            class="button"
                                            aria-label={words.people.withdrawOf(invitation.login)}
                                            onClick={() => void withdraw(invitation)}
                                        >
                                            {words.people.withdraw}
                                        </button>
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </section>
            )}
        </Page>
    );
}

interface StepProps {
    sites: Record<string, SiteRecord>;
    onLink: (link: InvitationLink) => void;
    onBack: (text: string) => Promise<void>;
    onSignedOut: () => void;
}

function BackLink() {
    return (
        <p class="small">
            <a href={here} onClick={follow}>
                {words.people.back}
            </a>
        </p>
    );
}

function Invite(props: StepProps) {
    const [login, setLogin] = useState("");
    const [choice, setChoice] = useState(noChoice);
    const form = useForm<"login" | "role" | "territory" | "site">();
    const name = login.trim();

    const refusals = () => ({
        ...(name === "" ? { login: fr.first.loginMissing } : !/^[A-Za-z0-9._@+-]{1,64}$/.test(name) && { login: fr.first.loginShape }),
        ...refusalsOfChoice(choice),
    });
    const send = async () => props.onLink(await people.invite(name, standingOf(choice)));
    const failed = (error: unknown): Fault | null => {
        if (isSignedOut(error)) {
            props.onSignedOut();
            return null;
        }
        if (error instanceof ApiError && error.status === 409) {
            form.refuse({ login: words.people.loginTaken });
            return null;
        }
        return faultOf(error);
    };
    return (
        <Page title={words.people.inviteTitle} narrow>
            {form.fault && <FaultNotice fault={form.fault} />}
            <Form busy={form.busy} submit={words.people.submitInvite} busyText={words.people.busy} onSubmit={() => void form.send(refusals(), send, failed)}>
                <Field id="login" label={fr.field.login} hint={words.people.loginHint} value={login} onValue={setLogin} refusal={form.refusals.login} />
                <StandingFields choice={choice} onChoice={setChoice} sites={props.sites} refusals={form.refusals} />
            </Form>
            <BackLink />
        </Page>
    );
}

function EditPerson(props: StepProps & { login: string }) {
    const [person, setPerson] = useState<PersonRecord | null>(null);
    const [tag, setTag] = useState<string | null>(null);
    const [choice, setChoice] = useState(noChoice);
    const [fault, setFault] = useState<Fault | null>(null);
    const [sure, setSure] = useState(false);
    const form = useForm<"role" | "territory" | "site">();

    const wrong = (error: unknown): Fault | null => {
        if (isSignedOut(error)) {
            props.onSignedOut();
            return null;
        }
        if (error instanceof ApiError && error.status === 409) return { text: words.people.lastAdministrator, detail: "" };
        return faultOf(error);
    };
    const load = () => {
        setFault(null);
        people.get(props.login).then(
            (found) => {
                setPerson(found.value);
                setTag(found.tag);
                setChoice(choiceOf(found.value));
            },
            (error: unknown) => setFault(wrong(error)),
        );
    };
    useEffect(load, []);

    const save = async () => {
        await people.change(props.login, standingOf(choice), tag);
        await props.onBack(words.people.saved(props.login));
    };
    const notSaved = (error: unknown): Fault | null => {
        if (error instanceof ApiError && error.status === 412) {
            const told = error.problem as { etag?: string | null; changed_by?: string | null };
            setTag(told.etag ?? null); // saving again is going over it knowingly
            return { text: words.people.changedMeanwhile(told.changed_by ?? words.people.somebody), detail: "" };
        }
        return wrong(error);
    };
    const doing = (work: () => Promise<void>) => () => {
        setFault(null);
        work().catch((error: unknown) => setFault(wrong(error)));
    };

    if (!person)
        return (
            <Page title={words.people.editTitle(props.login)} narrow>
                {fault ? <FaultNotice fault={fault} onRetry={load} /> : <p class="loading">{fr.loading}</p>}
                <BackLink />
            </Page>
        );
    return (
        <Page title={words.people.editTitle(props.login)} narrow>
            {form.fault && <FaultNotice fault={form.fault} />}
            <Form
                busy={form.busy}
                submit={words.people.save}
                busyText={words.people.busy}
                onSubmit={() => void form.send(refusalsOfChoice(choice), save, notSaved)}
            >
                <StandingFields choice={choice} onChoice={setChoice} sites={props.sites} refusals={form.refusals} />
            </Form>
            <section class="block">
                <h2>{words.people.access}</h2>
                {fault && <FaultNotice fault={fault} />}
                <div class="panel stack spaced">
                    <h3>{words.people.forgot}</h3>
                    <p>{words.people.forgotHelp}</p>
                    <button type="button" class="button" onClick={doing(async () => props.onLink(await people.link(props.login)))}>
                        {words.people.forgotButton}
                    </button>
                </div>
                {person.second_factor && (
                    <div class="panel stack spaced">
                        <h3>{words.people.phoneLost}</h3>
                        <p>{words.people.phoneLostHelp}</p>
                        <button
                            type="button"
                            class="button"
                            onClick={doing(async () => {
                                await people.removeSecondFactor(props.login);
                                await props.onBack(words.people.phoneRemoved(props.login));
                            })}
                        >
                            {words.people.phoneLostButton}
                        </button>
                    </div>
                )}
                <div class="panel stack spaced">
                    <h3>{words.people.end}</h3>
                    <p>{words.people.endHelp}</p>
                    {!sure && (
                        <button type="button" class="button button-danger" onClick={() => setSure(true)}>
                            {words.people.endButton}
                        </button>
                    )}
                    {sure && (
                        <div role="alert" class="stack">
                            <p>
                                <strong>{words.people.endSure(props.login)}</strong>
                            </p>
                            <p class="actions">
                                <button
                                    type="button"
                                    class="button button-danger"
                                    onClick={doing(async () => {
                                        await people.end(props.login);
                                        await props.onBack(words.people.endedDone(props.login));
                                    })}
                                >
                                    {words.people.endYes}
                                </button>
                                <button type="button" class="button" onClick={() => setSure(false)}>
                                    {words.people.endNo}
                                </button>
                            </p>
                        </div>
                    )}
                </div>
            </section>
            <BackLink />
        </Page>
    );
}
