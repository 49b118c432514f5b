// A directory of places becomes sites: tried out first, row by row, then kept when somebody agrees. What is refused can be taken away as a file.
import { useState } from "preact/hooks";
import { announce } from "../../announce";
import { ApiError } from "../../api";
import type { PageProps } from "../../app";
import { csv, download } from "../../csv";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { DropZone } from "../../parts/drop_zone";
import { useGrowing } from "../../parts/growing";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { places, type ImportResult } from "../../places";
import { follow } from "../../router";
import { remarkWords } from "./remarks";
import { words } from "./words";

const most = 16 << 20;

export function ImportPage(props: PageProps) {
    const [file, setFile] = useState<{ name: string; text: string } | null>(null);
    const [tried, setTried] = useState<ImportResult | null>(null);
    const [done, setDone] = useState<ImportResult | null>(null);
    const [refusal, setRefusal] = useState("");
    const [fault, setFault] = useState<Fault | null>(null);
    const [busy, setBusy] = useState(false);

    const send = async (text: string, name: string, keep: boolean) => {
        setBusy(true);
        setFault(null);
        setRefusal("");
        try {
            const result = await places.importSites(text, name, keep);
            setTried(result);
            setDone(keep ? result : null);
            announce(keep ? words.importDone(result.added + result.changed) : words.importCounts(result.added, result.changed, result.same, result.refused));
        } catch (error) {
            if (isSignedOut(error)) props.onSignedOut();
            else if (error instanceof ApiError && error.status === 422) setRefusal(words.importBad);
            else if (error instanceof ApiError && error.status === 413) setRefusal(words.importTooLarge);
            else setFault(faultOf(error));
        }
        setBusy(false);
    };
    const chosen = async (files: File[]) => {
        const one = files[0];
        if (!one) return;
        setTried(null);
        setDone(null);
        if (one.size > most) return setRefusal(words.importTooLarge);
        const text = await one.text();
        setFile({ name: one.name, text });
        await send(text, one.name, false);
    };

    return (
        <Page title={words.importTitle} intro={words.importIntro}>
            <p class="back no-print">
                <a href="/console/lieux" onClick={follow}>
                    ← {words.back}
                </a>
            </p>
            {fault && <FaultNotice fault={fault} />}
            {tried === null && (
                <div class="drop-block">
                    <DropZone id="places-file" help={words.importDrop} button={words.importChoose} accept=".csv,.json,text/csv,application/json" refusal={refusal || undefined} onFiles={(files) => void chosen(files)} />
                </div>
            )}
            {busy && <p class="loading">{words.importReading}</p>}
            {done && (
                <Notice tone="success">
                    <p>{words.importDone(done.added + done.changed)}</p>
                    <p>
                        <a href="/console/lieux" onClick={follow}>
                            {words.toPlaces}
                        </a>
                    </p>
                </Notice>
            )}
            {tried && file && (
                <Tried
                    tried={tried}
                    done={done !== null}
                    busy={busy}
                    onKeep={() => void send(file.text, file.name, true)}
                    onOther={() => {
                        setTried(null);
                        setDone(null);
                    }}
                />
            )}
        </Page>
    );
}

function Tried(props: { tried: ImportResult; done: boolean; busy: boolean; onKeep: () => void; onOther: () => void }) {
    const { tried } = props;
    const [only, setOnly] = useState(false);
    const rows = only ? tried.rows.filter((row) => row.outcome === "refused" || row.remarks.length > 0) : tried.rows;
    const { visible, more } = useGrowing(rows, String(only));
    const count = tried.added + tried.changed;
    const head = words.importHead;
    const save = () =>
        download(
            "lignes-refusees.csv",
            csv(
                [head.line, "id", head.name, head.remarks],
                tried.rows.filter((row) => row.outcome === "refused").map((row) => [row.line, row.id, row.name, row.remarks.map(remarkWords).join(" ")]),
            ),
        );
    return (
        <>
            <p class="in-force">{words.importCounts(tried.added, tried.changed, tried.same, tried.refused)}</p>
            <div class="actions">
                {!props.done && count > 0 && (
                    <button type="button" class="button button-main" aria-disabled={props.busy} onClick={props.onKeep}>
                        {words.importGo(count)}
                    </button>
                )}
                <button type="button" class="button" onClick={props.onOther}>
                    {words.importOther}
                </button>
                {tried.refused > 0 && (
                    <button type="button" class="button" onClick={save}>
                        {words.importSave}
                    </button>
                )}
            </div>
            {!props.done && count === 0 && <p class="small">{words.importNothing}</p>}
            <label class="choice">
                <input type="checkbox" checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />
                <span>{words.importOnly}</span>
            </label>
            <table class="cards" role="table">
                <caption class="unseen">{words.importCaption}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        {[head.line, head.name, head.outcome, head.remarks].map((label) => (
                            <th key={label} role="columnheader" scope="col">
                                {label}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {visible.map((row) => (
                        <tr key={`${row.line} ${row.id}`} role="row">
                            <td role="cell" data-label={head.line}>
                                {row.line}
                            </td>
                            <th role="rowheader" scope="row">
                                {row.name || row.id || "–"}
                            </th>
                            <td role="cell" data-label={head.outcome}>
                                <span class={`outcome outcome-${row.outcome}`}>{words.outcomes[row.outcome] ?? row.outcome}</span>
                            </td>
                            <td role="cell" data-label={head.remarks}>
                                <span>
                                    {row.remarks.map((remark, index) => (
                                        <span key={index} class="remark">
                                            {remarkWords(remark)}
                                        </span>
                                    ))}
                                </span>
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {more}
        </>
    );
}
