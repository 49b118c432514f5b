// One screen: how it is set, how it is, what it showed last, its log.
import { useState } from "preact/hooks";
import { announce } from "../../announce";
import { api, type ScreenStatus } from "../../api";
import type { PageProps } from "../../app";
import { at, catalogue } from "../../catalogue";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { fullMoment, span } from "../../format";
import { fr } from "../../fr";
import { Field } from "../../parts/field";
import { Form, useForm, type Refusals } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { Select } from "../../parts/select";
import { StateBadge } from "../../parts/state_badge";
import { places, type LogEntry, type ScreenRecord } from "../../places";
import { useRead } from "../../read";
import { thumbnailOf, titleOf, type CapsuleRecord, type Records } from "../../records";
import { atLeast } from "../../roles";
import { look, type Seen } from "../../seen";
import { follow, useUnsaved } from "../../router";
import { languages } from "../capsules/version";
import { words as capsuleWords } from "../capsules/words";
import { words } from "./words";

export function ScreenPage(props: PageProps) {
    const id = props.place.query.get("id") ?? "";
    const read = useRead(async (signal) => {
        const [all, capsules] = await Promise.all([api.screens(signal), catalogue.capsules(signal)]);
        const status = all.find((screen) => screen.id === id);
        if (!status) return { screen: null };
        const [own, log] = await Promise.all([look<ScreenRecord>(at("screens", id), signal), places.log(id, signal)]);
        return { screen: own.record ? { status, record: own.record, seen: own.seen, log, capsules } : null };
    }, props.onSignedOut);
    if (read.value === null)
        return <Page title={words.title}>{read.fault ? <FaultNotice fault={read.fault} onRetry={read.again} /> : <p class="loading">{fr.loading}</p>}</Page>;
    if (read.value.screen === null)
        return (
            <Page title={words.title} narrow>
                <p class="back">
                    <a href="/console/lieux" onClick={follow}>
                        ← {words.back}
                    </a>
                </p>
                <p>{words.screenUnknown}</p>
            </Page>
        );
    const { status, record, seen, log, capsules } = read.value.screen;
    return (
        <Page title={words.screenTitle(status.site_name ?? status.site, status.name)}>
            <p class="back no-print">
                <a href={`/console/lieux/modifier?id=${status.site}`} onClick={follow}>
                    ← {words.backToPlace}
                </a>
            </p>
            <div class="editor">
                <div class="editor-main">
                    <Settings id={id} record={record} seen={seen} page={props} />
                    <Log log={log} capsules={capsules} />
                </div>
                <State status={status} log={log} capsules={capsules} />
            </div>
        </Page>
    );
}

function State(props: { status: ScreenStatus; log: LogEntry[]; capsules: Records<CapsuleRecord> }) {
    const { status } = props;
    const last = props.log.find((entry) => entry.item === "capsule")?.capsule ?? null;
    const shown = status.playing ?? last;
    const picture = shown === null ? null : thumbnailOf(props.capsules[shown]);
    return (
        <aside class="editor-side panel" aria-labelledby="state-title">
            <h2 id="state-title">{words.state}</h2>
            <p>
                <StateBadge state={status.state} />
            </p>
            {status.reason && <p class="small">{status.reason}</p>}
            <p class="small">
                {words.lastSeen}{"\u00a0: "}
                {status.last_seen === null ? fr.screens.neverSeen : fullMoment(new Date(status.last_seen))}
            </p>
            <h3>{words.onScreen}</h3>
            {shown === null ? (
                <p class="small">{words.onScreenNone}</p>
            ) : (
                <figure class="last-picture">
                    {picture && <img class="preview" src={picture} alt="" />}
                    <figcaption>
                        {titleOf(shown, props.capsules[shown])}
                        {status.last_seen && <span class="second">{words.since(fullMoment(new Date(status.last_seen)))}</span>}
                    </figcaption>
                </figure>
            )}
        </aside>
    );
}

function Log(props: { log: LogEntry[]; capsules: Records<CapsuleRecord> }) {
    const head = words.logHead;
    return (
        <section aria-labelledby="log-title">
            <h2 id="log-title">{words.log}</h2>
            <p class="small">{props.log.length === 0 ? words.logNone : words.logHelp}</p>
            {props.log.length > 0 && (
                <table class="cards" role="table">
                    <caption class="unseen">{words.logCaption}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            {[head.when, head.what, head.how].map((label) => (
                                <th key={label} role="columnheader" scope="col">
                                    {label}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {props.log.map((entry) => (
                            <tr key={entry.at} role="row">
                                <th role="rowheader" scope="row">
                                    {fullMoment(new Date(entry.at))}
                                </th>
                                <td role="cell" data-label={head.what}>
                                    {entry.item === "capsule" && entry.capsule ? titleOf(entry.capsule, props.capsules[entry.capsule]) : (words.items[entry.item] ?? entry.item)}
                                </td>
                                <td role="cell" data-label={head.how}>
                                    {`${span(entry.shown_ms)}, ${words.ends[entry.end] ?? entry.end}`}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
        </section>
    );
}

type Fields = "name" | "diagonal" | "distance" | "languages";

const inchMm = 25.4;
const decimal = (text: string) => (/^\d{1,3}(?:[.,]\d{1,2})?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : NaN);

function Settings(props: { id: string; record: ScreenRecord; seen: Seen; page: PageProps }) {
    const [record, setRecord] = useState(props.record);
    const [diagonal, setDiagonal] = useState(() => String(Math.round((props.record.diagonal_mm ?? 813) / inchMm)));
    const [distance, setDistance] = useState(() => String((props.record.distance_mm ?? 3000) / 1000).replace(".", ","));
    const [unsaved, setUnsaved] = useState(false);
    const [saved, setSaved] = useState(false);
    const form = useForm<Fields>();
    const mayWrite = atLeast(props.page.session.role, "coordinator");
    const chosen = record.languages ?? ["fr"];
    useUnsaved(unsaved, words.unsaved);

    const touch = () => {
        setUnsaved(true);
        setSaved(false);
    };
    const change = (fields: Partial<ScreenRecord>) => {
        setRecord((old) => ({ ...old, ...fields }));
        touch();
    };
    const refusals = (): Refusals<Fields> => {
        const found: Refusals<Fields> = {};
        const inches = decimal(diagonal);
        const metres = decimal(distance);
        if (!record.name.trim()) found.name = words.screenNameMissing;
        if (!(inches >= 5 && inches <= 190)) found.diagonal = words.diagonalShape;
        if (!(metres >= 0.3 && metres <= 30)) found.distance = words.distanceShape;
        if (chosen.length === 0) found.languages = words.languageMissing;
        return found;
    };
    const shown = form.standing(refusals());
    const failed = (error: unknown): Fault | null => (isSignedOut(error) ? (props.page.onSignedOut(), null) : faultOf(error));
    const save = () =>
        void form.send(
            refusals(),
            async () => {
                const inches = decimal(diagonal);
                // What was not touched keeps its millimetres.
                const kept = Math.round((record.diagonal_mm ?? 813) / inchMm) === inches ? (record.diagonal_mm ?? 813) : Math.round(inches * inchMm);
                const whole = { ...record, name: record.name.trim(), diagonal_mm: kept, distance_mm: Math.round(decimal(distance) * 1000) };
                await props.seen.send("PUT", at("screens", props.id), whole);
                setRecord(whole);
                setUnsaved(false);
                setSaved(true);
                announce(words.savedScreen);
            },
            failed,
        );
    const volumes = Object.entries(words.volumes).map(([value, label]) => ({ value, label }));
    const volume = String(record.volume ?? 0);
    return (
        <>
            <Form busy={form.busy} submit={words.saveScreen} busyText={words.busy} onSubmit={save} hidden={!mayWrite}>
                <h2>{words.screenSheet}</h2>
                <Field id="name" label={words.screenName} value={record.name} onValue={(name) => change({ name })} refusal={shown.name} />
                <div class="pair">
                    <Field id="diagonal" label={words.diagonal} value={diagonal} onValue={(value) => (setDiagonal(value), touch())} refusal={shown.diagonal} />
                    <Field id="distance" label={words.distance} hint={words.distanceHint} value={distance} onValue={(value) => (setDistance(value), touch())} refusal={shown.distance} />
                </div>
                <Select id="rotation" label={words.rotation} value={String(record.rotation ?? 0)} onValue={(value) => change({ rotation: Number(value) })} options={Object.entries(words.rotations).map(([value, label]) => ({ value, label }))} />
                <Select id="volume" label={words.volume} value={volume} onValue={(value) => change({ volume: Number(value) })} options={volume in words.volumes ? volumes : [...volumes, { value: volume, label: `${volume}\u00a0%` }]} />
                <fieldset class={shown.languages ? "field field-refused" : "field"} id="languages" tabIndex={-1}>
                    <legend>{words.languages}</legend>
                    <p class="field-hint">
                        {words.languagesHint(chosen.map(capsuleWords.language))}
                    </p>
                    <div class="choices choices-columns">
                        {languages.map((code) => (
                            <label key={code} class="choice">
                                <input type="checkbox" checked={chosen.includes(code)} onChange={(event) => change({ languages: event.currentTarget.checked ? [...chosen, code] : chosen.filter((one) => one !== code) })} />
                                <span>{capsuleWords.language(code)}</span>
                            </label>
                        ))}
                    </div>
                    {shown.languages && <p class="field-refusal">{shown.languages}</p>}
                </fieldset>
            </Form>
            {form.fault && <FaultNotice fault={form.fault} />}
            {saved && (
                <Notice tone="success">
                    <p>{words.savedScreen}</p>
                </Notice>
            )}
        </>
    );
}
