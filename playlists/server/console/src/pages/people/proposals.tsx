// What contributors propose; a coordinator of their territory approves or refuses.
import { useEffect, useState } from "preact/hooks";
import { announce } from "../../announce";
import { ApiError } from "../../api";
import type { PageProps } from "../../app";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { fullMoment } from "../../format";
import { fr } from "../../fr";
import { Field } from "../../parts/field";
import { Form, useForm } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { proposals, type Proposal } from "./api";
import { Differences } from "./differences";
import { words } from "./words";

const nameOf = (proposal: Proposal) => `${words.proposals.kinds[proposal.subject] ?? proposal.subject} ${proposal.id}`;
const at = (time: string) => fullMoment(new Date(time));

export function ProposalsPage(props: PageProps) {
    const [list, setList] = useState<Proposal[] | null>(null);
    const [fault, setFault] = useState<Fault | null>(null);
    const [said, setSaid] = useState("");
    const [refusing, setRefusing] = useState<number | null>(null);
    const own = props.session.role === "contributor";

    const wrong = (error: unknown): Fault | null => {
        if (isSignedOut(error)) {
            props.onSignedOut();
            return null;
        }
        if (error instanceof ApiError && error.status === 412)
            return { text: words.proposals.changedMeanwhile((error.problem.changed_by as string | null) ?? words.people.somebody), detail: "" };
        if (error instanceof ApiError && error.status === 403) return { text: words.proposals.notYours, detail: error.detail };
        if (error instanceof ApiError && error.status === 409) return { text: words.proposals.gone, detail: error.detail };
        return faultOf(error);
    };
    const load = async () => {
        try {
            setList(await proposals.list());
        } catch (error) {
            setFault(wrong(error));
        }
    };
    useEffect(() => void load(), []);
    const doing = async (work: () => Promise<unknown>, done: string) => {
        setFault(null);
        setSaid("");
        try {
            await work();
            setRefusing(null);
            setSaid(done);
            announce(done);
        } catch (error) {
            setFault(wrong(error));
        }
        await load();
    };
    return (
        <Page title={words.proposals.title} intro={own ? words.proposals.introContributor : words.proposals.introCoordinator}>
            {fault && <FaultNotice fault={fault} />}
            {said !== "" && <Notice tone="success">{said}</Notice>}
            {!list && !fault && <p class="loading">{fr.loading}</p>}
            {list?.length === 0 && (
                <Notice tone="remark">
                    <p>{words.proposals.none}</p>
                    <p>{own ? words.proposals.noneContributor : words.proposals.noneCoordinator}</p>
                </Notice>
            )}
            <ul class="proposals">
                {list?.map((proposal) => {
                    const name = nameOf(proposal);
                    return (
                        <li key={proposal.number} class="panel stack">
                            <h2>{name}</h2>
                            <p class="small">
                                {words.proposals.by(proposal.who, at(proposal.made))}
                                {" · "}
                                <strong>{words.proposals.states[proposal.state]}</strong>
                                {proposal.decided_by && proposal.decided && ` ${words.proposals.decided(proposal.decided_by, at(proposal.decided))}`}
                            </p>
                            {proposal.after === null && <p>{words.proposals.removal}</p>}
                            {proposal.reason && <p>« {proposal.reason} »</p>}
                            <Differences before={proposal.before ?? {}} after={proposal.after ?? {}} of={name} />
                            {proposal.state === "waiting" && refusing !== proposal.number && (
                                <p class="actions">
                                    {own ? (
                                        <button
                                            type="button"
                                            class="button"
                                            aria-label={words.proposals.takeBackOf(name)}
                                            onClick={() => void doing(() => proposals.takeBack(proposal.number), words.proposals.withdrawn(name))}
                                        >
                                            {words.proposals.takeBack}
                                        </button>
                                    ) : (
                                        <>
                                            <button
                                                type="button"
                                                class="button button-main"
                                                aria-label={words.proposals.approveOf(name)}
                                                onClick={() => void doing(() => proposals.approve(proposal.number), words.proposals.approved(name))}
                                            >
                                                {words.proposals.approve}
                                            </button>
                                            <button
                                                type="button"
                                                class="button"
                                                aria-label={words.proposals.refuseOf(name)}
                                                onClick={() => setRefusing(proposal.number)}
                                            >
                                                {words.proposals.refuse}
                                            </button>
                                        </>
                                    )}
                                </p>
                            )}
                            {refusing === proposal.number && (
                                <Refusal
                                    onCancel={() => setRefusing(null)}
                                    onSend={(reason) => doing(() => proposals.refuse(proposal.number, reason), words.proposals.refused(name))}
                                />
                            )}
                        </li>
                    );
                })}
            </ul>
        </Page>
    );
}

function Refusal(props: { onCancel: () => void; onSend: (reason: string) => Promise<void> }) {
    const [reason, setReason] = useState("");
    const form = useForm<"reason">();
    const refusals = () => (reason.trim() === "" ? { reason: words.proposals.reasonMissing } : {});
    return (
        <Form
            busy={form.busy}
            submit={words.proposals.sendRefusal}
            busyText={words.people.busy}
            onSubmit={() => void form.send(refusals(), () => props.onSend(reason.trim()), () => null)}
        >
            <Field
                id="reason"
                label={words.proposals.reason}
                hint={words.proposals.reasonHint}
                value={reason}
                onValue={setReason}
                refusal={form.refusals.reason}
            />
            <button type="button" class="button" onClick={props.onCancel}>
                {words.proposals.cancel}
            </button>
        </Form>
    );
}
