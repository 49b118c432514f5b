// What was published before, and the way back to it, asked twice.
import { useState } from "preact/hooks";
import { fullMoment } from "../../format";
import { useGrowing } from "../../parts/growing";
import { Notice } from "../../parts/notice";
import type { Past } from "../../publishing";
import { headline } from "./change_list";
import { words } from "./words";

export function PastList(props: { past: Past[]; current: number; unpublished: number; mayPublish: boolean; busy: boolean; onRestore: (one: Past) => void }) {
    const [asked, setAsked] = useState<Past | null>(null);
    const { visible, more } = useGrowing(props.past, "");
    const head = words.head;
    const when = (one: Past) => fullMoment(new Date(one.published_at));
    const what = (one: Past) => {
        const lines = one.changes.map(headline);
        return lines.length > 3 ? [...lines.slice(0, 3), words.andMore(lines.length - 3)] : lines;
    };
    const choose = (one: Past) => {
        setAsked(one);
        requestAnimationFrame(() => document.getElementById("restore-yes")?.focus());
    };
    return (
        <section class="block" aria-labelledby="past-title">
            <h2 id="past-title">{words.past}</h2>
            {props.past.length === 0 ? <p class="small">{words.pastNone}</p> : <p class="small">{words.pastHelp}</p>}
            {asked && (
                <Notice tone="remark">
                    <p>{words.restoreAsk(asked.number, when(asked))}</p>
                    {props.unpublished > 0 && <p>{words.restoreLoses(props.unpublished)}</p>}
                    <p class="actions">
                        <button
                            type="button"
                            id="restore-yes"
                            class="button button-main"
                            aria-disabled={props.busy}
                            onClick={() => {
                                setAsked(null);
                                props.onRestore(asked);
                            }}
                        >
                            {words.restoreYes}
                        </button>
                        <button type="button" class="button" onClick={() => setAsked(null)}>
                            {words.restoreNo}
                        </button>
                    </p>
                </Notice>
            )}
            {props.past.length > 0 && (
                <table class="cards" role="table">
                    <caption class="unseen">{words.pastCaption}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            {[head.number, head.when, head.by, head.what, ...(props.mayPublish ? [head.back] : [])].map((label) => (
                                <th key={label} role="columnheader" scope="col">
                                    {label}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {visible.map((one) => (
                            <tr key={one.number} role="row">
                                <th role="rowheader" scope="row">
                                    {words.number(one.number)}
                                </th>
                                <td role="cell" data-label={head.when}>
                                    {when(one)}
                                </td>
                                <td role="cell" data-label={head.by}>
                                    {one.by}
                                </td>
                                <td role="cell" data-label={head.what}>
                                    <span>
                                        {one.restores !== null && <strong>{words.restores(one.restores)}</strong>}
                                        {what(one).map((line) => (
                                            <span key={line} class="second">
                                                {line}
                                            </span>
                                        ))}
                                        {one.changes.length === 0 && one.restores === null && words.noDetail}
                                    </span>
                                </td>
                                {props.mayPublish && (
                                    <td role="cell" data-label={head.back}>
                                        {one.number === props.current ? (
                                            words.current
                                        ) : one.restorable ? (
                                            <button type="button" class="button button-quiet" aria-label={words.restoreOf(one.number)} onClick={() => choose(one)}>
                                                {words.restore}
                                            </button>
                                        ) : (
                                            words.notKept
                                        )}
                                    </td>
                                )}
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
            {more}
        </section>
    );
}
