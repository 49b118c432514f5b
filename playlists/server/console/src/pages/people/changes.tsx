// The log of changes: who changed what, with before and after.
import { useEffect, useState } from "preact/hooks";
import { changes, type Change } from "./api";
import type { PageProps } from "../../app";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { fullMoment } from "../../format";
import { fr } from "../../fr";
import { Field } from "../../parts/field";
import { FaultNotice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { Select } from "../../parts/select";
import { Differences, membersOf } from "./differences";
import { words } from "./words";

const emptyAnswer = { changes: [] as Change[], more: false };

export function ChangesPage(props: PageProps) {
    const [who, setWho] = useState("");
    const [subject, setSubject] = useState("");
    const [asked, setAsked] = useState({ who: "", subject: "" });
    const [answer, setAnswer] = useState<typeof emptyAnswer | null>(null);
    const [fault, setFault] = useState<Fault | null>(null);

    const load = async (query: { who: string; subject: string }, before: number) => {
        setFault(null);
        try {
            const page = await changes.list(query.who, query.subject, before);
            setAnswer((known) => ({ changes: [...(before === 0 ? [] : (known ?? emptyAnswer).changes), ...page.changes], more: page.more }));
        } catch (error) {
            if (isSignedOut(error)) props.onSignedOut();
            else setFault(faultOf(error));
        }
    };
    useEffect(() => void load(asked, 0), [asked]);
    const last = answer?.changes[answer.changes.length - 1];

    return (
        <Page title={words.changes.title} intro={words.changes.intro}>
            <form
                class="filters-row"
                onSubmit={(event) => {
                    event.preventDefault();
                    setAsked({ who: who.trim(), subject });
                }}
            >
                <Field id="who" label={words.changes.filterWho} value={who} onValue={setWho} optional />
                <Select
                    id="subject"
                    label={words.changes.filterSubject}
                    value={subject}
                    onValue={setSubject}
                    options={[
                        { value: "", label: words.changes.all },
                        ...Object.entries(words.changes.subjects)
                            .filter(([key]) => key !== "enrolment")
                            .map(([value, label]) => ({ value, label })),
                    ]}
                />
                <button class="button" type="submit">
                    {words.changes.filter}
                </button>
            </form>
            {fault && <FaultNotice fault={fault} onRetry={() => void load(asked, 0)} />}
            {!answer && !fault && <p class="loading">{fr.loading}</p>}
            {answer?.changes.length === 0 && <p class="table-note">{words.changes.none}</p>}
            {answer && answer.changes.length > 0 && (
                <table class="cards">
                    <caption class="unseen">{words.changes.caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.changes.head.what}</th>
                            <th scope="col">{words.changes.head.who}</th>
                            <th scope="col">{words.changes.head.when}</th>
                            <th scope="col">{words.changes.head.detail}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {answer.changes.map((change) => (
                            <Row key={change.seq} change={change} />
                        ))}
                    </tbody>
                </table>
            )}
            {answer?.more && last && (
                <button type="button" class="button more" onClick={() => void load(asked, last.seq)}>
                    {words.changes.more}
                </button>
            )}
            <p class="small">{words.changes.verify}</p>
        </Page>
    );
}

function Row(props: { change: Change }) {
    const { change } = props;
    const means = words.changes.by(change.by);
    return (
        <tr>
            <th scope="row">
                {words.changes.subjects[change.subject] ?? change.subject}
                {change.id !== "" && ` ${change.id}`}
                <span class="second">{words.changes.actions[change.action] ?? change.action}</span>
            </th>
            <td data-label={words.changes.head.who}>
                <span>
                    {change.who === "" ? words.changes.server : change.who}
                    {means !== "" && <span class="second">{means}</span>}
                </span>
            </td>
            <td data-label={words.changes.head.when}>
                <time dateTime={new Date(change.at_ms).toISOString()}>{fullMoment(new Date(change.at_ms))}</time>
            </td>
            <td class="wide">
                {change.note !== "" && <p>{words.changes.note(change.note)}</p>}
                <Differences before={membersOf(change.before)} after={membersOf(change.after)} of={change.id} />
            </td>
        </tr>
    );
}
