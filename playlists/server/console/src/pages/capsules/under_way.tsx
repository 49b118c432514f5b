// A file on its way: how much has been sent, how far its preparation is, or why it failed.
import { useEffect } from "preact/hooks";
import { announce } from "../../announce";
import { bytes } from "../../format";
import { drop, useMaster, type Master } from "../../masters";
import { Notice } from "../../parts/notice";
import { inLanguage } from "../../language";
import type { VersionRecord } from "../../records";
import { fr } from "../../fr";
import { words } from "./words";

export interface Ready {
    kind: "video" | "image";
    version: VersionRecord;
    result: unknown;
}

export function UnderWay(props: { master: number; onReady: (ready: Ready) => void; onGone: () => void }) {
    const master = useMaster(props.master);
    const at = master?.stage.at;
    useEffect(() => {
        if (master?.stage.at !== "ready") return;
        const { kind, version, result } = master.stage;
        props.onReady({ kind, version, result });
        drop(props.master);
        announce(words.ready);
    }, [at]);
    if (master === null || at === "ready") return null;
    const leave = () => {
        drop(props.master);
        props.onGone();
    };
    return <Stage master={master} onLeave={leave} />;
}

function Stage(props: { master: Master; onLeave: () => void }) {
    const { file, stage } = props.master;
    if (stage.at === "failed")
        return (
            <Notice tone="refusal">
                <p>{failedWords(stage)}</p>
                {stage.why.detail !== "" && (
                    <details>
                        <summary>{fr.technical}</summary>
                        <code lang="en">{stage.why.detail}</code>
                    </details>
                )}
                <button type="button" class="button" onClick={props.onLeave}>
                    {words.again}
                </button>
            </Notice>
        );
    if (stage.at === "ready") return null;
    const sending = stage.at === "sending";
    const part = sending ? stage.sent / Math.max(1, file.size) : stage.progress;
    const label = sending ? words.sending(file.name) : stage.waiting ? words.waitingJob : words.preparing;
    return (
        <div class="under-way">
            <p>
                <strong id="under-way">{label}</strong>{" "}
                <span class="under-way-count">{sending ? words.sent(bytes(stage.sent), bytes(file.size)) : `${Math.round(part * 100)}\u00a0%`}</span>
            </p>
            <progress aria-labelledby="under-way" max={1} value={part} />
            <p class="small">{sending && stage.cut ? words.cut : words.preparingHelp}</p>
            <button type="button" class="button button-quiet" onClick={props.onLeave}>
                {words.cancel}
            </button>
        </div>
    );
}

function failedWords(stage: Extract<Master["stage"], { at: "failed" }>): string {
    const said = inLanguage(stage.why.text, "");
    if (said !== "") return said;
    if (stage.status === 507) return words.failed.full;
    if (stage.status === 403 || stage.status === 401) return words.failed.denied;
    return stage.status >= 400 && stage.status < 500 ? words.failed.refused : words.failed.default;
}
