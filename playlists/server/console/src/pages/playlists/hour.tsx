// The next hour of a playlist as it stands in the form: asked from the server, which runs the same code as the screens.
import { useEffect, useState } from "preact/hooks";
import { catalogue, type Preview, type PreviewItem } from "../../catalogue";
import { faultOf, type Fault } from "../../faults";
import { span, timeOfDay } from "../../format";
import { fr } from "../../fr";
import { FaultNotice } from "../../parts/notice";
import { titleOf, type CapsuleRecord, type PlaylistRecord, type Records } from "../../records";
import { words } from "./words";

const pauseMs = 400; // while somebody is still arranging

export interface PreviewState {
    value: Preview | null;
    fault: Fault | null;
    asking: boolean;
}

// Not `wanted` by whoever may only read: the server answers those who arrange.
export function usePreview(id: string, playlist: PlaylistRecord, wanted: boolean): PreviewState {
    const [state, setState] = useState<PreviewState>({ value: null, fault: null, asking: true });
    // The name changes nothing of what is shown.
    const about = JSON.stringify({ ...playlist, title: "" });
    useEffect(() => {
        if (!wanted) return;
        const stop = new AbortController();
        setState((old) => ({ ...old, asking: true }));
        const timer = setTimeout(() => {
            catalogue.previewPlaylist(id, playlist, stop.signal).then(
                (value) => stop.signal.aborted || setState({ value, fault: null, asking: false }),
                (error: unknown) => stop.signal.aborted || setState({ value: null, fault: faultOf(error), asking: false }),
            );
        }, pauseMs);
        return () => {
            clearTimeout(timer);
            stop.abort();
        };
    }, [about]);
    return state;
}

export function NextHour(props: { preview: PreviewState; capsules: Records<CapsuleRecord>; round: number; empty: boolean }) {
    const { preview } = props;
    const name = (item: PreviewItem) => (item.kind === "capsule" && item.capsule !== null ? titleOf(item.capsule, props.capsules[item.capsule]) : words.kinds[item.kind]);
    return (
        <aside class="editor-side panel" aria-labelledby="hour-title">
            <h2 id="hour-title">{words.hour}</h2>
            {props.empty ? (
                <p class="small">{words.hourEmpty}</p>
            ) : (
                <>
                    <p>
                        <strong>{words.turn(span(props.round))}</strong>
                    </p>
                    <p class="small">{words.hourHelp}</p>
                    {preview.fault && <FaultNotice fault={{ text: words.hourFault, detail: preview.fault.detail }} />}
                    {!preview.value && !preview.fault && <p class="loading">{fr.loading}</p>}
                    {preview.value && (
                        <ol class={preview.asking ? "hour waiting" : "hour"} aria-label={words.hourList} tabIndex={0}>
                            {preview.value.items.map((item) => (
                                <li key={item.from} class={item.kind === "capsule" ? undefined : "hour-other"}>
                                    <time dateTime={item.from}>{timeOfDay(new Date(item.from))}</time>
                                    <span>{name(item)}</span>
                                </li>
                            ))}
                        </ol>
                    )}
                </>
            )}
        </aside>
    );
}
