// One place: what it is, when it is open, which screens hang there.
import { useState } from "preact/hooks";
import { announce } from "../../announce";
import { api, type ScreenStatus } from "../../api";
import type { PageProps } from "../../app";
import { at } from "../../catalogue";
import { communeName, communes } from "../../communes";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { fr } from "../../fr";
import { Field } from "../../parts/field";
import { Form, useForm, type Refusals } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { Select } from "../../parts/select";
import { StateBadge } from "../../parts/state_badge";
import { places } from "../../places";
import { useRead } from "../../read";
import type { Records, SiteRecord } from "../../records";
import { atLeast } from "../../roles";
import { follow, go, useUnsaved } from "../../router";
import { compare, identifierOf } from "../../search";
import { look, Seen } from "../../seen";
import { placeTypes } from "../../vocabulary";
import { words as capsuleWords } from "../capsules/words";
import { HoursForm, hoursState, readHours } from "./hours_form";
import { words } from "./words";

export function PlacePage(props: PageProps) {
    const id = props.place.query.get("id");
    const read = useRead(async (signal) => {
        const [sites, screens, own] = await Promise.all([places.sites(signal), api.screens(signal), id === null ? null : look<SiteRecord>(at("sites", id), signal)]);
        if (id !== null && own?.record) sites[id] = own.record;
        return { sites, screens: screens.filter((screen) => screen.site === id), seen: own?.seen ?? new Seen() };
    }, props.onSignedOut);
    if (read.value === null)
        return <Page title={words.title}>{read.fault ? <FaultNotice fault={read.fault} onRetry={read.again} /> : <p class="loading">{fr.loading}</p>}</Page>;
    const missing = id !== null && !(id in read.value.sites);
    return (
        <Page title={missing ? words.title : id === null ? words.newTitle : words.editTitle(read.value.sites[id]?.name ?? id)}>
            <p class="back no-print">
                <a href="/console/lieux" onClick={follow}>
                    ← {words.back}
                </a>
            </p>
            {missing ? <p>{words.unknown}</p> : <Editor id={id} sites={read.value.sites} screens={read.value.screens} seen={read.value.seen} page={props} />}
        </Page>
    );
}

type Fields = "name" | "commune" | "insee" | "postcode" | "waiting" | "hours";
const other = "autre";

function Editor(props: { id: string | null; sites: Records<SiteRecord>; screens: ScreenStatus[]; seen: Seen; page: PageProps }) {
    const [record, setRecord] = useState<SiteRecord>(() => (props.id === null ? undefined : props.sites[props.id]) ?? { name: "", zone: "Europe/Paris", type: "MUNI" });
    const [id, setId] = useState(props.id);
    const [hours, setHours] = useState(() => hoursState(record.hours ?? ""));
    const [elsewhere, setElsewhere] = useState(record.commune !== undefined && record.commune !== "" && !communes.some((one) => one.insee === record.commune));
    const [waiting, setWaiting] = useState(() => (typeof record["waiting_minutes"] === "number" ? String(record["waiting_minutes"]) : ""));
    const [unsaved, setUnsaved] = useState(false);
    const [saved, setSaved] = useState(false);
    const [asking, setAsking] = useState(false);
    const form = useForm<Fields>();
    const mayWrite = atLeast(props.page.session.role, "coordinator");
    useUnsaved(unsaved, words.unsaved);

    const touch = () => {
        setUnsaved(true);
        setSaved(false);
    };
    const change = (fields: Partial<SiteRecord>) => {
        setRecord((old) => ({ ...old, ...fields }));
        touch();
    };
    const refusals = (): Refusals<Fields> => {
        const found: Refusals<Fields> = {};
        const read = readHours(hours);
        if (!record.name.trim()) found.name = words.nameMissing;
        if (!elsewhere && !record.commune) found.commune = words.communeMissing;
        if (elsewhere && !/^[0-9AB]{5}$/.test(record.commune ?? "")) found.insee = words.inseeShape;
        if (!/^\d{5}$/.test(record.postcode ?? "")) found.postcode = words.postcodeShape;
        if (waiting !== "" && !(/^\d{1,3}$/.test(waiting) && Number(waiting) >= 1 && Number(waiting) <= 600)) found.waiting = words.waitingShape;
        if ("refusal" in read) found.hours = read.refusal;
        return found;
    };
    const shown = form.standing(refusals());
    const failed = (error: unknown): Fault | null => (isSignedOut(error) ? (props.page.onSignedOut(), null) : faultOf(error));
    const save = () =>
        void form.send(
            refusals(),
            async () => {
                const read = readHours(hours);
                const whole: SiteRecord = { ...record, name: record.name.trim(), hours: "hours" in read ? read.hours : "" };
                delete whole["waiting_minutes"];
                if (waiting !== "") whole["waiting_minutes"] = Number(waiting);
                const key = id ?? identifierOf(whole.name, (taken) => taken in props.sites);
                await props.seen.send("PUT", at("sites", key), whole);
                props.sites[key] = whole;
                setUnsaved(false);
                setSaved(true);
                announce(words.saved);
                if (id === null) history.replaceState(null, "", `/console/lieux/modifier?id=${key}`);
                setId(key);
            },
            failed,
        );
    const remove = () =>
        void form.send({}, async () => {
            await props.seen.send("DELETE", at("sites", id ?? ""));
            announce(words.deleted(record.name));
            go("/console/lieux", "replace");
        }, failed);
    const offers = record.offers ?? [];

    return (
        <div class="editor">
            <div class="editor-main">
                {!mayWrite && (
                    <Notice tone="remark">
                        <p>{words.readOnly}</p>
                    </Notice>
                )}
                <Form busy={form.busy} submit={words.save} busyText={words.busy} onSubmit={save} hidden={!mayWrite}>
                    <Field id="name" label={words.name} hint={words.nameHint} value={record.name} onValue={(name) => change({ name })} refusal={shown.name} />
                    <Select id="type" label={words.type} value={record.type ?? ""} onValue={(type) => change({ type })} options={placeTypes.map(({ code, label }) => ({ value: code, label }))} />
                    <Select
                        id="commune"
                        label={words.commune}
                        value={elsewhere ? other : (record.commune ?? "")}
                        onValue={(value) => {
                            setElsewhere(value === other);
                            const known = communes.find((one) => one.insee === value);
                            change(value === other ? { commune: "", ept: "" } : { commune: value, ept: known?.ept ?? "", ...(known && !record.postcode ? { postcode: known.postcode } : {}) });
                        }}
                        refusal={shown.commune}
                        options={[
                            ...(record.commune || elsewhere ? [] : [{ value: "", label: words.choose }]),
                            ...communes.map((one) => ({ value: one.insee, label: communeName(one.insee) })).sort((a, b) => compare(a.label, b.label)),
                            { value: other, label: words.otherCommune },
                        ]}
                    />
                    {elsewhere && <Field id="insee" label={words.insee} value={record.commune ?? ""} onValue={(commune) => change({ commune: commune.trim().toUpperCase() })} refusal={shown.insee} />}
                    <Field id="postcode" label={words.postcode} value={record.postcode ?? ""} onValue={(postcode) => change({ postcode: postcode.trim() })} refusal={shown.postcode} />
                    <fieldset class="field">
                        <legend>{words.hours}</legend>
                        <HoursForm
                            state={hours}
                            refusal={shown.hours}
                            onState={(next) => {
                                setHours(next);
                                touch();
                            }}
                        />
                    </fieldset>
                    <fieldset class="field">
                        <legend>{words.offers}</legend>
                        <p class="field-hint">{words.offersHint}</p>
                        <div class="choices choices-columns">
                            {Object.entries(capsuleWords.needNames).map(([code, label]) => (
                                <label key={code} class="choice">
                                    <input type="checkbox" checked={offers.includes(code)} onChange={(event) => change({ offers: [...offers.filter((one) => one !== code), ...(event.currentTarget.checked ? [code] : [])] })} />
                                    <span>{label}</span>
                                </label>
                            ))}
                        </div>
                    </fieldset>
                    <Field
                        id="waiting"
                        optional
                        label={words.waiting}
                        hint={words.waitingHint}
                        value={waiting}
                        onValue={(value) => {
                            setWaiting(value.trim());
                            touch();
                        }}
                        refusal={shown.waiting}
                    />
                </Form>
                {form.fault && <FaultNotice fault={form.fault} />}
                {saved && (
                    <Notice tone="success">
                        <p>{words.saved}</p>
                    </Notice>
                )}
                {atLeast(props.page.session.role, "administrator") && id !== null && !asking && (
                    <p>
                        <button type="button" class="button button-quiet" onClick={() => setAsking(true)}>
                            {words.delete}
                        </button>
                    </p>
                )}
                {asking && (
                    <Notice tone="refusal">
                        <p>{props.screens.length > 0 ? words.deleteHasScreens : words.deleteAsk(record.name)}</p>
                        <p class="actions">
                            {props.screens.length === 0 && (
                                <button type="button" class="button" onClick={remove}>
                                    {words.deleteYes}
                                </button>
                            )}
                            <button type="button" class="button" onClick={() => setAsking(false)}>
                                {words.deleteNo}
                            </button>
                        </p>
                    </Notice>
                )}
            </div>
            <aside class="editor-side panel" aria-labelledby="screens-title">
                <h2 id="screens-title">{words.screens}</h2>
                {props.screens.length === 0 && <p class="small">{words.noScreens}</p>}
                <ul class="stack">
                    {props.screens.map((screen) => (
                        <li key={screen.id}>
                            <a href={`/console/lieux/ecran?id=${screen.id}`} onClick={follow}>
                                {screen.name}
                            </a>{" "}
                            <StateBadge state={screen.state} />
                            <span class="second">{words.code(screen.code)}</span>
                        </li>
                    ))}
                </ul>
                {mayWrite && (
                    <p>
                        <a class="button" href="/console/ecrans/ajouter" onClick={follow}>
                            {words.addScreen}
                        </a>
                    </p>
                )}
            </aside>
        </div>
    );
}
