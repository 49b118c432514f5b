// One version of a capsule in its language: seen, captioned, replaced, taken out.
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../../announce";
import { ApiError } from "../../api";
import { readCaptions, writeCaptions, type Cue } from "../../captions";
import { faultOf, type Fault } from "../../faults";
import { span } from "../../format";
import { FaultNotice } from "../../parts/notice";
import { Select } from "../../parts/select";
import type { CaptionRecord, VersionRecord } from "../../records";
import { sha256 } from "../../sha256";
import vocabulary from "../../../../../../content/capsule/vocabulaire.json";
import { CueEditor } from "./cue_editor";
import { Player } from "./player";
import { words } from "./words";

export const languages: string[] = vocabulary.langue;

async function keep(text: string): Promise<{ sha256: string; bytes: number }> {
    const bytes = new TextEncoder().encode(text);
    const digest = sha256(bytes);
    let response: Response;
    try {
        response = await fetch(`/api/v1/blobs/${digest}`, { method: "PUT", body: bytes, headers: { "X-Capsule": "1", "Content-Type": "text/vtt" } });
    } catch (error) {
        throw new ApiError(0, String(error));
    }
    if (!response.ok) {
        const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
        throw new ApiError(response.status, problem?.detail ?? String(response.status));
    }
    return { sha256: digest, bytes: bytes.length };
}

async function cuesOf(track: CaptionRecord): Promise<Cue[]> {
    const read = readCaptions(await (await fetch(`/blobs/${track.sha256}`)).text());
    return "cues" in read ? read.cues : [];
}

export function Version(props: { version: VersionRecord; mayWrite: boolean; alone: boolean; onVersion: (next: VersionRecord) => void; onRemove: () => void }) {
    const { version } = props;
    const tracks = version.captions ?? [];
    const [language, setLanguage] = useState(version.language);
    const [cues, setCues] = useState<Cue[]>([]);
    const [editing, setEditing] = useState<string | null>(null); // language
    const [refusal, setRefusal] = useState("");
    const [fault, setFault] = useState<Fault | null>(null);
    const video = useRef<HTMLVideoElement>(null);
    const name = words.language(version.language);
    const id = `version-${version.language}`;
    const still = version.type.startsWith("image/");

    const first = tracks[0]?.sha256;
    useEffect(() => {
        if (tracks[0] !== undefined && editing === null) void cuesOf(tracks[0]).then(setCues, () => setCues([]));
    }, [first]);

    const add = async (list: Cue[] | null, text: string, spoken: string) => {
        setFault(null);
        try {
            const blob = await keep(text);
            const track: CaptionRecord = { language: spoken, ...blob, type: "text/vtt", drawn: !version.text_in_picture };
            props.onVersion({ ...version, captions: [...tracks.filter((one) => one.language !== spoken), track] });
            if (list) setCues(list);
            setEditing(null);
            announce(words.captionsKept(words.language(spoken)));
        } catch (error) {
            setFault(faultOf(error));
        }
    };
    const chosen = async (file: File | undefined) => {
        if (!file) return;
        const text = await file.text();
        const read = readCaptions(text);
        if ("fault" in read) {
            const say = words.captionFaults[read.fault.kind];
            return setRefusal(typeof say === "string" ? say : say("line" in read.fault ? read.fault.line : 0));
        }
        setRefusal("");
        // What is WebVTT already stays as it is, with its settings and voices.
        await add(read.cues, /^\ufeff?WEBVTT/.test(text) ? text : writeCaptions(read.cues), language);
    };
    const edit = async (spoken: string) => {
        const track = tracks.find((one) => one.language === spoken);
        setCues(track ? await cuesOf(track).catch(() => []) : []);
        setEditing(spoken);
    };

    return (
        <article class="version" aria-labelledby={`${id}-title`}>
            <Player version={version} cues={cues} video={video} />
            <div class="version-side">
                <h3 id={`${id}-title`}>{words.version(name)}</h3>
                <p class="second">
                    {[span(version.duration_ms), `${version.width}\u00a0×\u00a0${version.height}`, ...(still ? [] : [version.sound ? words.withSound : words.silent])].join(" · ")}
                </p>
                {props.mayWrite && (
                    <label class="choice">
                        <input
                            type="checkbox"
                            checked={version.text_in_picture ?? false}
                            onChange={(event) => {
                                const inside = event.currentTarget.checked;
                                props.onVersion({ ...version, text_in_picture: inside, captions: tracks.map((track) => ({ ...track, drawn: !inside })) });
                            }}
                        />
                        <span>
                            {words.textInPicture}
                            <span class="second">{words.textInPictureHint}</span>
                        </span>
                    </label>
                )}
                {!still && (
                    <>
                        <h4>{words.captions}</h4>
                        {tracks.length === 0 && <p class="small">{words.captionsNone}</p>}
                        <ul class="tracks">
                            {tracks.map((track) => (
                                <li key={track.language}>
                                    <span>{words.captionsIn(words.language(track.language))}</span>
                                    {props.mayWrite && editing === null && (
                                        <>
                                            <button type="button" class="button button-quiet" aria-label={words.captionsEditOf(words.language(track.language))} onClick={() => void edit(track.language)}>
                                                {words.captionsEdit}
                                            </button>
                                            <button
                                                type="button"
                                                class="button button-quiet"
                                                aria-label={words.captionsRemoveOf(words.language(track.language))}
                                                onClick={() => props.onVersion({ ...version, captions: tracks.filter((one) => one !== track) })}
                                            >
                                                {words.captionsRemove}
                                            </button>
                                        </>
                                    )}
                                </li>
                            ))}
                        </ul>
                        {props.mayWrite && editing === null && (
                            <fieldset class="stack captions-add">
                                <legend>{words.captionsAdd}</legend>
                                <Select
                                    id={`${id}-captions-language`}
                                    label={words.captionsLanguage}
                                    value={language}
                                    onValue={setLanguage}
                                    options={languages.map((code) => ({ value: code, label: words.language(code) }))}
                                />
                                <div class="actions">
                                    <label class="button drop-button">
                                        {words.captionsFile}
                                        <input
                                            class="drop-input"
                                            type="file"
                                            accept=".vtt,.srt,text/vtt"
                                            onChange={(event) => {
                                                const file = event.currentTarget.files?.[0];
                                                void chosen(file);
                                                event.currentTarget.value = "";
                                            }}
                                        />
                                    </label>
                                    <button type="button" class="button" onClick={() => void edit(language)}>
                                        {words.captionsType}
                                    </button>
                                </div>
                                {refusal !== "" && (
                                    <p class="field-refusal" role="alert">
                                        {refusal}
                                    </p>
                                )}
                            </fieldset>
                        )}
                    </>
                )}
                {fault && <FaultNotice fault={fault} />}
                {props.mayWrite && !props.alone && (
                    <p>
                        <button type="button" class="button button-quiet" onClick={props.onRemove}>
                            {words.removeVersion(name)}
                        </button>
                    </p>
                )}
            </div>
            {editing !== null && (
                <CueEditor
                    key={editing}
                    cues={cues}
                    position={() => Math.round((video.current?.currentTime ?? 0) * 1000)}
                    onPreview={setCues}
                    onDone={(list) => void add(list, writeCaptions(list), editing)}
                    onCancel={() => setEditing(null)}
                />
            )}
        </article>
    );
}
