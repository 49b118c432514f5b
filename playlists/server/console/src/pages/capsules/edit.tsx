// One capsule: from the dropped file to what may be published.
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../../announce";
import type { PageProps } from "../../app";
import type { Change } from "../../api";
import { at, catalogue } from "../../catalogue";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { fr } from "../../fr";
import { bring, drop, useMaster } from "../../masters";
import { DropZone } from "../../parts/drop_zone";
import { useForm, type Refusals } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { Select } from "../../parts/select";
import { useRead } from "../../read";
import { titleOf, type CapsuleRecord, type PlaylistRecord, type Records, type VersionRecord } from "../../records";
import { atLeast } from "../../roles";
import { follow, go, useUnsaved } from "../../router";
import { compare, identifierOf } from "../../search";
import { amend, isSlower, look, Seen } from "../../seen";
import { accepted, refusalOf, titleOfFile } from "./masters_drop";
import { CapsuleReport } from "./report";
import { RightsForm, rightsOf, rightsRecord, rightsRefusals, type RightsFields } from "./rights_form";
import { Sheet, sheetRefusals, type SheetFields } from "./sheet";
import { UnderWay, type Ready } from "./under_way";
import { languages, Version } from "./version";
import { words } from "./words";

interface Known {
    seen: Seen;
    capsules: Records<CapsuleRecord>;
    playlists: Records<PlaylistRecord>;
}

export function CapsulePage(props: PageProps) {
    const id = props.place.query.get("id");
    const master = Number(props.place.query.get("envoi") ?? 0) || null;
    const read = useRead<Known>(async (signal) => {
        const [capsules, playlists, own] = await Promise.all([
            catalogue.capsules(signal), catalogue.playlists(signal), id === null ? null : look<CapsuleRecord>(at("capsules", id), signal),
        ]);
        if (id !== null && own?.record) capsules[id] = own.record;
        return { capsules, playlists, seen: own?.seen ?? new Seen() };
    }, props.onSignedOut);
    if (read.value === null)
        return <Page title={words.title}>{read.fault ? <FaultNotice fault={read.fault} onRetry={read.again} /> : <p class="loading">{fr.loading}</p>}</Page>;
    if (id !== null && !(id in read.value.capsules))
        return (
            <Page title={words.title} narrow>
                <p>{words.unknown}</p>
                <BackLink />
            </Page>
        );
    return (
        <Page title={id === null ? words.newTitle : words.editTitle(titleOf(id, read.value.capsules[id]))}>
            <BackLink />
            <Editor key={id ?? ""} id={id} master={master} known={read.value} page={props} />
        </Page>
    );
}

function BackLink() {
    return (
        <p class="back no-print">
            <a href="/console/capsules" onClick={follow}>
                ← {words.back}
            </a>
        </p>
    );
}

type Fields = "master" | SheetFields | RightsFields;
type Then = "stay" | "publish";

function Editor(props: { id: string | null; master: number | null; known: Known; page: PageProps }) {
    const { known } = props;
    const brought = useMaster(props.master);
    const [record, setRecord] = useState<CapsuleRecord>(() => (props.id === null ? undefined : known.capsules[props.id]) ?? { title: { fr: brought ? titleOfFile(brought.file.name) : "" } });
    const [rights, setRights] = useState(() => rightsOf(record.rights));
    const [masters, setMasters] = useState<number[]>(() => (brought && props.master !== null ? [props.master] : []));
    const [kept, setKept] = useState<string | null>(props.id); // its id once it is kept
    const [round, setRound] = useState(0); // of saving: the report is made anew
    const [unsaved, setUnsaved] = useState(brought !== null);
    const [saved, setSaved] = useState(false);
    const [proposed, setProposed] = useState(false); // a contributor's
    const [waiting, setWaiting] = useState<Then | null>(null); // until the file is ready
    const inLists = (id: string | null) => Object.entries(known.playlists).filter(([, list]) => id !== null && list.items.some((item) => item.capsule === id)).map(([key]) => key);
    const [lists, setLists] = useState<string[]>(() => inLists(props.id));
    const form = useForm<Fields>();
    const mayWrite = atLeast(props.page.session.role, "contributor");
    const mayArrange = atLeast(props.page.session.role, "coordinator");
    useUnsaved(unsaved, words.unsaved);
    const versions = record.versions ?? [];

    const change = (fields: Partial<CapsuleRecord>) => {
        setRecord((old) => ({ ...old, ...fields }));
        setUnsaved(true);
        setSaved(false);
    };
    const setVersion = (next: VersionRecord) =>
        setRecord((old) => {
            const others = (old.versions ?? []).map((one) => (one.language === next.language ? next : one));
            return { ...old, versions: others.includes(next) ? others : [...others, next] };
        });
    const ready = (key: number, made: Ready) => {
        setMasters((old) => old.filter((one) => one !== key));
        setRecord((old) => {
            const earlier = (old.versions ?? []).find((one) => one.language === made.version.language);
            // A new file of the same words keeps its captions.
            const version = { ...made.version, captions: made.version.captions?.length ? made.version.captions : (earlier?.captions ?? []) };
            return { ...old, kind: made.kind, versions: [...(old.versions ?? []).filter((one) => one !== earlier), version] };
        });
        setUnsaved(true);
        setSaved(false);
    };
    const begin = (file: File, language: string) => {
        if (!record.title["fr"]) change({ title: { ...record.title, fr: titleOfFile(file.name) } });
        setMasters((old) => [...old, bring(file, language)]);
        setUnsaved(true);
    };

    const refusals = (): Refusals<Fields> => ({
        ...(versions.length === 0 && masters.length === 0 && record.kind !== "card" ? { master: words.mediaMissing } : {}),
        ...sheetRefusals(record),
        ...(record.kind === "card" ? {} : rightsRefusals(rights)),
    });
    const shown = form.standing(refusals());
    const failed = (error: unknown): Fault | null => (isSignedOut(error) ? (props.page.onSignedOut(), null) : faultOf(error));
    const keep = async (then: Then) => {
        const title = (record.title["fr"] ?? "").trim();
        let id = kept ?? identifierOf(title, (taken) => taken in known.capsules);
        const whole: CapsuleRecord = { ...record, title: { ...record.title, fr: title }, rights: { ...record.rights, ...rightsRecord(rights) } };
        if (!whole["review_by"]) delete whole["review_by"];
        let done: Change | null = null;
        while (done === null)
            try {
                done = await known.seen.send("PUT", at("capsules", id), whole);
            } catch (error) {
                // Somebody has just made another capsule of this name: this one gets another.
                if (kept !== null || !isSlower(error)) throw error;
                known.capsules[id] = whole;
                known.seen = new Seen();
                id = identifierOf(title, (taken) => taken in known.capsules);
            }
        if (done.proposed) {
            setUnsaved(false);
            setProposed(true);
            announce(words.proposed);
            return;
        }
        known.capsules[id] = whole;
        for (const [key, list] of Object.entries(known.playlists)) {
            const there = list.items.some((item) => item.capsule === id);
            if (there === lists.includes(key)) continue;
            const items = (old: PlaylistRecord) => (there ? old.items.filter((item) => item.capsule !== id) : [...old.items, { capsule: id }]);
            await amend<PlaylistRecord>(at("playlists", key), (old) => ({ ...old, items: items(old) }));
            known.playlists[key] = { ...list, items: items(list) };
        }
        setKept(id);
        setUnsaved(false);
        setSaved(true);
        setRound((old) => old + 1);
        announce(words.saved);
        if (then === "publish") go("/console/publier");
        else if (kept === null) history.replaceState(null, "", `/console/capsules/modifier?id=${id}`);
    };
    const save = (then: Then) => {
        const found = refusals();
        if (Object.keys(found).length === 0 && masters.length > 0) {
            setWaiting(then);
            announce(words.waitsForMaster);
            return;
        }
        setWaiting(null);
        void form.send(found, () => keep(then), failed);
    };
    // What was asked while the file was on its way happens when it has come.
    const asked = useRef(save);
    asked.current = save;
    useEffect(() => {
        if (waiting !== null && masters.length === 0 && versions.length > 0) asked.current(waiting);
    }, [waiting, masters.length, versions.length]);

    return (
        <form
            class="editor editor-wide"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                save("stay");
            }}
        >
            {!mayWrite && (
                <Notice tone="remark">
                    <p>{words.readOnly}</p>
                </Notice>
            )}
            <section class="panel stack" aria-labelledby="media-title">
                <h2 id="media-title">{words.media}</h2>
                {versions.map((version) => (
                    <Version
                        key={version.sha256}
                        version={version}
                        mayWrite={mayWrite}
                        alone={versions.length === 1}
                        onVersion={(next) => {
                            setVersion(next);
                            setUnsaved(true);
                            setSaved(false);
                        }}
                        onRemove={() => change({ versions: versions.filter((one) => one !== version) })}
                    />
                ))}
                {masters.map((key) => (
                    <UnderWay
                        key={key}
                        master={key}
                        onReady={(made) => ready(key, made)}
                        onGone={() => {
                            setMasters((old) => old.filter((one) => one !== key));
                            setWaiting(null);
                        }}
                    />
                ))}
                {mayWrite && masters.length === 0 && (
                    <NewVersion first={versions.length === 0} taken={versions.map((one) => one.language)} refusal={shown.master} onFile={begin} />
                )}
            </section>
            {kept !== null && versions.length > 0 && (
                <section class="panel stack" aria-labelledby="report-title">
                    <h2 id="report-title">{words.report}</h2>
                    {unsaved ? (
                        <p class="small">{words.reportSave}</p>
                    ) : (
                        <CapsuleReport key={round} id={kept} mayAnswer={mayArrange} onSignedOut={props.page.onSignedOut} />
                    )}
                </section>
            )}
            <fieldset class="sections" disabled={!mayWrite}>
                <section class="panel stack" aria-labelledby="sheet-title">
                    <h2 id="sheet-title">{words.sheet}</h2>
                    <Sheet record={record} refusals={shown} onFields={change} />
                </section>
                <section class="panel stack" aria-labelledby="rights-title">
                    <h2 id="rights-title">{words.rights}</h2>
                    <RightsForm
                        rights={rights}
                        refusals={shown}
                        onRights={(next) => {
                            setRights(next);
                            change({});
                        }}
                    />
                </section>
            </fieldset>
            {mayArrange && (
                <section class="panel stack" aria-labelledby="lists-title">
                    <h2 id="lists-title">{words.lists}</h2>
                    <Lists
                        playlists={known.playlists}
                        chosen={lists}
                        onChosen={(next) => {
                            setLists(next);
                            change({});
                        }}
                    />
                </section>
            )}
            <div class="editor-end stack">
                {form.fault && <FaultNotice fault={form.fault} />}
                {waiting !== null && (
                    <Notice tone="remark">
                        <p>{words.waitsForMaster}</p>
                    </Notice>
                )}
                {proposed && !unsaved && (
                    <Notice tone="success">
                        <p>{words.proposed}</p>
                    </Notice>
                )}
                {saved && (
                    <Notice tone="success">
                        <p>{words.saved}</p>
                    </Notice>
                )}
                {mayWrite && (
                    <div class="actions">
                        {mayArrange && (
                            <button class="button button-main" type="button" aria-disabled={form.busy} onClick={() => save("publish")}>
                                {words.saveAndPublish}
                            </button>
                        )}
                        <button class={mayArrange ? "button" : "button button-main"} type="submit" aria-disabled={form.busy}>
                            {form.busy ? words.busy : words.save}
                        </button>
                    </div>
                )}
                {mayArrange && kept !== null && (
                    <Removal
                        title={titleOf(kept, record)}
                        used={inLists(kept).map((key) => known.playlists[key]?.title || key)}
                        onRemove={() =>
                            void form.send({}, async () => {
                                await known.seen.send("DELETE", at("capsules", kept));
                                for (const key of masters) drop(key);
                                announce(words.deleted(titleOf(kept, record)));
                                go("/console/capsules", "replace");
                            }, failed)
                        }
                    />
                )}
            </div>
        </form>
    );
}

function NewVersion(props: { first: boolean; taken: string[]; refusal: string | undefined; onFile: (file: File, language: string) => void }) {
    const [language, setLanguage] = useState(props.first ? "fr" : (languages.find((code) => !props.taken.includes(code)) ?? "fr"));
    const [refusal, setRefusal] = useState<string | null>(null);
    const files = (list: File[]) => {
        const found = refusalOf(list);
        setRefusal(found);
        if (found === null && list[0]) props.onFile(list[0], language);
    };
    const zone = (
        <>
            <Select
                id="version-language"
                label={words.versionLanguage}
                value={language}
                onValue={setLanguage}
                options={languages.map((code) => ({ value: code, label: props.taken.includes(code) ? `${words.language(code)} (${words.replace.toLowerCase()})` : words.language(code) }))}
            />
            <DropZone id="master" help={words.dropHelp} button={words.choose} hint={words.dropLimit} accept={accepted} refusal={refusal ?? props.refusal} onFiles={files} />
        </>
    );
    if (props.first) return zone;
    return (
        <details class="more-fields">
            <summary>{words.versionOther}</summary>
            <div class="stack">{zone}</div>
        </details>
    );
}

function Lists(props: { playlists: Records<PlaylistRecord>; chosen: string[]; onChosen: (next: string[]) => void }) {
    const all = Object.entries(props.playlists).sort(([, a], [, b]) => compare(a.title ?? "", b.title ?? ""));
    if (all.length === 0) return <p class="small">{words.listsNone}</p>;
    return (
        <>
            <p class="small">{words.listsHelp}</p>
            <div class="choices choices-columns">
                {all.map(([id, list]) => (
                    <label key={id} class="choice">
                        <input
                            type="checkbox"
                            checked={props.chosen.includes(id)}
                            onChange={(event) => props.onChosen(event.currentTarget.checked ? [...props.chosen, id] : props.chosen.filter((one) => one !== id))}
                        />
                        <span>{list.title || id}</span>
                    </label>
                ))}
            </div>
        </>
    );
}

function Removal(props: { title: string; used: string[]; onRemove: () => void }) {
    const [asking, setAsking] = useState(false);
    if (!asking)
        return (
            <p>
                <button type="button" class="button button-quiet" onClick={() => setAsking(true)}>
                    {words.delete}
                </button>
            </p>
        );
    return (
        <Notice tone="refusal">
            <p>{props.used.length > 0 ? words.deleteUsed(props.used.join(", ")) : words.deleteAsk(props.title)}</p>
            <p class="actions">
                {props.used.length === 0 && (
                    <button type="button" class="button" onClick={props.onRemove}>
                        {words.deleteYes}
                    </button>
                )}
                <button type="button" class="button" onClick={() => setAsking(false)}>
                    {words.deleteNo}
                </button>
            </p>
        </Notice>
    );
}
