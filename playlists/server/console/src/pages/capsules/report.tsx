// What was checked of a capsule: what must be put right, what may stand when somebody says why, and what is well.
import { useState } from "preact/hooks";
import { announce } from "../../announce";
import { catalogue, type Finding, type Report } from "../../catalogue";
import { momentText } from "../../captions";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { Field } from "../../parts/field";
import { FaultNotice } from "../../parts/notice";
import { useRead } from "../../read";
import { words } from "./words";

interface Placed extends Finding {
    version: string; // digest of its media; empty: of the record
    language: string;
}

function placed(report: Report): Placed[] {
    return [
        ...report.versions.flatMap((version) => version.findings.map((finding) => ({ ...finding, version: version.sha256, language: version.language }))),
        ...report.findings.map((finding) => ({ ...finding, version: "", language: "" })),
    ];
}

const moments = (finding: Finding) => finding.at_ms.slice(0, 3).map(([from]) => momentText(from)).join(", ");

export function CapsuleReport(props: { id: string; mayAnswer: boolean; open?: boolean; onAnswered?: () => void; onSignedOut: () => void }) {
    const read = useRead((signal) => catalogue.report(props.id, signal), props.onSignedOut, props.id);
    const [newer, setNewer] = useState<Report | null>(null);
    const report = newer ?? read.value;
    if (report === null) return read.fault ? <FaultNotice fault={read.fault} onRetry={read.again} /> : null;
    const all = placed(report);
    const fails = all.filter((one) => one.level === "fail");
    const open = all.filter((one) => one.level === "warning" && !one.answer && one.check !== "expiry");
    const known = all.filter((one) => one.level === "warning" && (one.answer || one.check === "expiry"));
    const well = all.filter((one) => one.level === "pass");
    const several = report.versions.length > 1;
    const answered = (next: Report) => {
        setNewer(next);
        announce(words.reportKept);
        props.onAnswered?.();
    };
    return (
        <div class="report stack">
            {fails.length > 0 && <Findings title={words.reportFailures} tone="bad" list={fails} several={several} />}
            {open.length > 0 && (
                <section>
                    <h3>{words.reportWarnings}</h3>
                    <ul class="facts facts-warn">
                        {open.map((finding) => (
                            <li key={`${finding.version} ${finding.check} ${finding.text}`}>
                                <Words finding={finding} several={several} />
                                {props.mayAnswer && <Answer id={props.id} finding={finding} onAnswered={answered} onSignedOut={props.onSignedOut} />}
                            </li>
                        ))}
                    </ul>
                </section>
            )}
            {!props.open && known.length > 0 && <Findings title={words.reportKnown} tone="warn" list={known} several={several} />}
            {!props.open && fails.length + open.length + known.length === 0 && <p class="small">{words.reportFine}</p>}
            {!props.open && well.length > 0 && (
                <details class="more-fields">
                    <summary>{words.reportWell(well.length)}</summary>
                    <ul class="small">
                        {well.map((finding) => (
                            <li key={`${finding.version} ${finding.check}`} lang="fr">
                                {finding.text}
                            </li>
                        ))}
                    </ul>
                </details>
            )}
        </div>
    );
}

function Words(props: { finding: Placed; several: boolean }) {
    const { finding } = props;
    return (
        <>
            <p lang="fr">
                {props.several && finding.language !== "" && `${words.version(words.language(finding.language))}\u00a0: `}
                {finding.text}
            </p>
            {finding.at_ms.length > 0 && <p class="small">{words.reportAt(moments(finding), finding.at_ms.length > 3)}</p>}
            {finding.answer && <p class="small">{words.reportAnswer(finding.answer.reason, finding.answer.login)}</p>}
        </>
    );
}

function Findings(props: { title: string; tone: "bad" | "warn"; list: Placed[]; several: boolean }) {
    return (
        <section>
            <h3>{props.title}</h3>
            <ul class={`facts facts-${props.tone}`}>
                {props.list.map((finding) => (
                    <li key={`${finding.version} ${finding.check} ${finding.text}`}>
                        <Words finding={finding} several={props.several} />
                    </li>
                ))}
            </ul>
        </section>
    );
}

function Answer(props: { id: string; finding: Placed; onAnswered: (report: Report) => void; onSignedOut: () => void }) {
    const { finding } = props;
    const [reason, setReason] = useState("");
    const [refusal, setRefusal] = useState("");
    const [fault, setFault] = useState<Fault | null>(null);
    const [busy, setBusy] = useState(false);
    const field = `reason-${props.id}-${finding.check}-${finding.version.slice(0, 8)}`;
    const send = async () => {
        if (busy) return;
        setFault(null);
        if (reason.trim() === "") {
            setRefusal(words.reasonMissing);
            document.getElementById(field)?.focus();
            return;
        }
        setBusy(true);
        try {
            const version = finding.version === "" ? {} : { version: finding.version };
            props.onAnswered(await catalogue.answer(props.id, { ...version, check: finding.check, reason: reason.trim() }));
        } catch (error) {
            if (isSignedOut(error)) props.onSignedOut();
            else setFault(faultOf(error));
        }
        setBusy(false);
    };
    // No form of its own: it may stand inside the capsule's.
    return (
        <div
            class="reason"
            onKeyDown={(event) => {
                if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
                event.preventDefault();
                void send();
            }}
        >
            <Field id={field} label={words.reason} value={reason} onValue={(value) => (setReason(value), setRefusal(""))} refusal={refusal || undefined} />
            <button type="button" class="button" aria-disabled={busy} onClick={() => void send()}>
                {words.reasonKeep}
            </button>
            {fault && <FaultNotice fault={fault} />}
        </div>
    );
}
