// One playlist: its name, order and capsules, what the next hour would be, where and when it plays.
import { useMemo, useState } from "preact/hooks";
import { announce } from "../../announce";
import type { PageProps } from "../../app";
import type { Change } from "../../api";
import { at, catalogue } from "../../catalogue";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { fr } from "../../fr";
import { Choices } from "../../parts/choices";
import { Field } from "../../parts/field";
import { useForm, type Refusals } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { Select } from "../../parts/select";
import { useRead } from "../../read";
import type { CapsuleRecord, PlaylistRecord, Records, ScheduleRecord, SiteRecord } from "../../records";
import { atLeast } from "../../roles";
import { follow, go, useUnsaved } from "../../router";
import { identifierOf } from "../../search";
import { look, Seen } from "../../seen";
import { AddCapsules } from "./add_capsules";
import { NextHour, usePreview } from "./hour";
import { Items, linesOf, type Line } from "./items";
import { OccasionForm, occasionRefusals, type OccasionFields } from "./occasion_form";
import { nowhere, occasionOf, scheduleOf, type Occasion } from "./places";
import { roundOf } from "./round";
import { words } from "./words";

interface Known {
    seen: { list: Seen; schedule: Seen };
    playlists: Records<PlaylistRecord>;
    capsules: Records<CapsuleRecord>;
    schedules: Records<ScheduleRecord>;
    sites: Records<SiteRecord>;
}

export function PlaylistPage(props: PageProps) {
    const id = props.place.query.get("id");
    const read = useRead<Known>(async (signal) => {
        const [playlists, capsules, schedules, sites, list, schedule] = await Promise.all([
            catalogue.playlists(signal), catalogue.capsules(signal), catalogue.schedules(signal), catalogue.sites(signal),
            id === null ? null : look<PlaylistRecord>(at("playlists", id), signal), id === null ? null : look<ScheduleRecord>(at("schedules", id), signal),
        ]);
        if (id !== null && list?.record) playlists[id] = list.record;
        if (id !== null && schedule?.record) schedules[id] = schedule.record;
        return { playlists, capsules, schedules, sites, seen: { list: list?.seen ?? new Seen(), schedule: schedule?.seen ?? new Seen() } };
    }, props.onSignedOut);
    const title = id === null ? words.newTitle : words.editTitle(read.value?.playlists[id]?.title || id);

    if (read.value === null)
        return (
            <Page title={words.title}>{read.fault ? <FaultNotice fault={read.fault} onRetry={read.again} /> : <p class="loading">{fr.loading}</p>}</Page>
        );
    if (id !== null && !(id in read.value.playlists))
        return (
            <Page title={words.title} narrow>
                <p>{words.unknown}</p>
                <BackLink />
            </Page>
        );
    return (
        <Page title={title}>
            <BackLink />
            <Editor key={id ?? ""} id={id} known={read.value} page={props} />
        </Page>
    );
}

function BackLink() {
    return (
        <p class="back no-print">
            <a href="/console/listes" onClick={follow}>
                ← {words.back}
            </a>
        </p>
    );
}

type Fields = "name" | "add-search" | OccasionFields;

function Editor(props: { id: string | null; known: Known; page: PageProps }) {
    const { known } = props;
    const kept = props.id === null ? undefined : known.playlists[props.id];
    const [record, setRecord] = useState<PlaylistRecord>(() => kept ?? { title: "", order: "shuffle", items: [] });
    const [lines, setLines] = useState<Line[]>(() => linesOf(record.items));
    const own = props.id === null ? undefined : known.schedules[props.id];
    const [occasion, setOccasion] = useState<Occasion>(() => (own && own.playlist === props.id ? occasionOf(own) : null) ?? nowhere);
    const [unsaved, setUnsaved] = useState(false);
    const [saved, setSaved] = useState(false);
    const [proposed, setProposed] = useState(false); // a contributor's
    const [asking, setAsking] = useState(false);
    const [scheduled, setScheduled] = useState(own !== undefined && own.playlist === props.id && occasionOf(own) !== null);
    const form = useForm<Fields>();
    const mayWrite = atLeast(props.page.session.role, "contributor");
    useUnsaved(unsaved, words.unsaved);

    // Schedules that this form cannot say, and those that have another id than the playlist's.
    const others = Object.entries(known.schedules).filter(
        ([key, schedule]) => schedule.playlist === props.id && !(key === props.id && occasionOf(schedule) !== null),
    );
    const whole = useMemo<PlaylistRecord>(() => ({ ...record, items: lines.map((line) => line.item) }), [record, lines]);
    const preview = usePreview(props.id ?? "nouvelle-liste", whole, mayWrite);

    const touch = () => {
        setUnsaved(true);
        setSaved(false);
    };
    const change = (fields: Partial<PlaylistRecord>) => {
        setRecord({ ...record, ...fields });
        touch();
    };
    const arrange = (next: Line[]) => {
        setLines(next);
        touch();
    };

    const refusals = (): Refusals<Fields> => {
        const found: Refusals<Fields> = {};
        if (!record.title?.trim()) found.name = words.nameMissing;
        if (lines.length === 0) found["add-search"] = words.itemsMissing;
        return { ...found, ...occasionRefusals(occasion) };
    };
    const shown = form.standing(refusals());
    const failed = (error: unknown): Fault | null => (isSignedOut(error) ? (props.page.onSignedOut(), null) : faultOf(error));
    const save = () =>
        void form.send(
            refusals(),
            async () => {
                const title = (record.title ?? "").trim();
                const id = props.id ?? identifierOf(title, (taken) => taken in known.playlists || taken in known.schedules);
                const list = await known.seen.list.send("PUT", at("playlists", id), { ...whole, title });
                let schedule: Change | null = null;
                if (occasion.scope !== "nowhere") schedule = await known.seen.schedule.send("PUT", at("schedules", id), scheduleOf(id, occasion));
                else if (scheduled) schedule = await known.seen.schedule.send("DELETE", at("schedules", id));
                if (list.proposed || schedule?.proposed) {
                    setUnsaved(false);
                    setProposed(true);
                    announce(words.proposed);
                    return;
                }
                setScheduled(occasion.scope !== "nowhere");
                setUnsaved(false);
                setSaved(true);
                announce(words.saved);
                known.playlists[id] = { ...whole, title };
                if (props.id === null) history.replaceState(null, "", `/console/listes/modifier?id=${id}`);
            },
            failed,
        );
    const remove = () =>
        void form.send(
            {},
            async () => {
                const id = props.id ?? "";
                for (const [key, schedule] of Object.entries(known.schedules)) if (schedule.playlist === id) await (key === id ? known.seen.schedule : (await look(at("schedules", key))).seen).send("DELETE", at("schedules", key));
                const gone = await known.seen.list.send("DELETE", at("playlists", id));
                announce(gone.proposed ? words.proposed : words.deleted(record.title || id));
                go("/console/listes", "replace");
            },
            failed,
        );

    return (
        <form
            class="editor"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                save();
            }}
        >
            <div class="editor-main">
                {!mayWrite && (
                    <Notice tone="remark">
                        <p>{words.readOnly}</p>
                    </Notice>
                )}
                <fieldset class="sections" disabled={!mayWrite}>
                    <section class="panel stack">
                        <Field id="name" label={words.name} hint={words.nameHint} value={record.title ?? ""} onValue={(title) => change({ title })} refusal={shown.name} />
                        <Choices
                            name="order"
                            legend={words.order}
                            value={record.order ?? "listed"}
                            onValue={(order) => change({ order })}
                            choices={[
                                { value: "shuffle", label: words.shuffle, hint: words.shuffleHint },
                                { value: "listed", label: words.listed, hint: words.listedHint },
                            ]}
                        />
                        <Select
                            id="qr"
                            label={words.qr}
                            value={String(record.qr_card_every_ms ?? 0)}
                            onValue={(value) => change({ qr_card_every_ms: Number(value) })}
                            options={qrOptions(record.qr_card_every_ms ?? 0)}
                        />
                    </section>
                    <section class="panel stack" aria-labelledby="items-title">
                        <h2 id="items-title">{words.items}</h2>
                        <Items lines={lines} record={record} known={known} counts={preview.value?.capsules ?? {}} onLines={arrange} />
                        {mayWrite && (
                            <AddCapsules
                                capsules={known.capsules}
                                taken={lines.map((line) => line.item.capsule ?? "")}
                                refusal={shown["add-search"]}
                                onAdd={(capsule) => arrange([...lines, ...linesOf([{ capsule }])])}
                            />
                        )}
                    </section>
                    <section class="panel stack" aria-labelledby="where-title">
                        <h2 id="where-title">{words.where}</h2>
                        {others.map(([key]) => (
                            <Notice key={key} tone="remark">
                                <p>{words.fileSchedule(key)}</p>
                            </Notice>
                        ))}
                        <OccasionForm
                            occasion={occasion}
                            sites={known.sites}
                            refusals={shown}
                            onOccasion={(next) => {
                                setOccasion(next);
                                touch();
                            }}
                        />
                    </section>
                </fieldset>
                {form.fault && <FaultNotice fault={form.fault} />}
                {proposed && !unsaved && (
                    <Notice tone="success">
                        <p>{words.proposed}</p>
                    </Notice>
                )}
                {saved && (
                    <Notice tone="success">
                        <p>{words.saved}</p>
                        <p>
                            <a href="/console/publier" onClick={follow}>
                                {words.toPublish}
                            </a>
                        </p>
                    </Notice>
                )}
                {mayWrite && (
                    <div class="actions">
                        <button class="button button-main" type="submit" aria-disabled={form.busy}>
                            {form.busy ? words.busy : words.save}
                        </button>
                        {props.id !== null && !asking && (
                            <button class="button" type="button" onClick={() => setAsking(true)}>
                                {words.delete}
                            </button>
                        )}
                    </div>
                )}
                {asking && (
                    <Notice tone="refusal">
                        <p>{words.deleteAsk(record.title || (props.id ?? ""))}</p>
                        <p class="actions">
                            <button class="button" type="button" onClick={remove}>
                                {words.deleteYes}
                            </button>
                            <button class="button" type="button" onClick={() => setAsking(false)}>
                                {words.deleteNo}
                            </button>
                        </p>
                    </Notice>
                )}
            </div>
            {mayWrite && <NextHour preview={preview} capsules={known.capsules} round={roundOf(whole, known.capsules, known.playlists)} empty={lines.length === 0} />}
        </form>
    );
}

function qrOptions(now: number): { value: string; label: string }[] {
    const minutes = [5, 10, 15, 30];
    if (now > 0 && !minutes.includes(now / 60_000)) minutes.push(now / 60_000);
    return [{ value: "0", label: words.qrNever }, ...minutes.map((every) => ({ value: String(every * 60_000), label: words.qrEvery(every) }))];
}
