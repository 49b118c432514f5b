// Captions written against the video: each has its moments, by typing or from where the video stands, and one or two short lines.
import { useState } from "preact/hooks";
import { announce } from "../../announce";
import { momentOf, momentText, type Cue } from "../../captions";
import { focusFirst } from "../../parts/field";
import { words } from "./words";

interface Row {
    key: number;
    from: string;
    to: string;
    text: string;
}

let keys = 0;
const rowOf = (cue: Cue): Row => ({ key: ++keys, from: momentText(cue.from), to: momentText(cue.to), text: cue.text });
const usualMs = 3000;

// What somebody reads in that time: 12 characters in 1 s, 20 in 2, 36 in 3, 60 in 4, a fifth more at most.
export function mostCharacters(ms: number): number {
    const known = [0, 12, 20, 36, 60];
    const seconds = ms / 1000;
    const whole = Math.floor(seconds);
    const at = (index: number) => known[index] ?? 60 + (index - 4) * 15;
    return Math.floor((at(whole) + (at(whole + 1) - at(whole)) * (seconds - whole)) * 1.2);
}

function refusalsOf(rows: Row[]): Record<string, string> {
    const found: Record<string, string> = {};
    for (const row of rows) {
        const from = momentOf(row.from);
        const to = momentOf(row.to);
        const text = row.text.trim();
        if (from === null) found[`cue-${row.key}-from`] = words.cueShape;
        if (to === null) found[`cue-${row.key}-to`] = words.cueShape;
        else if (from !== null && to <= from) found[`cue-${row.key}-to`] = words.cueOrder;
        if (text === "") found[`cue-${row.key}-text`] = words.cueEmpty;
        else if (text.split("\n").length > 2) found[`cue-${row.key}-text`] = words.cueLines;
        else if (from !== null && to !== null && to > from && text.length > mostCharacters(to - from))
            found[`cue-${row.key}-text`] = words.cueTooFast(mostCharacters(to - from));
    }
    return found;
}

export function CueEditor(props: { cues: Cue[]; position: () => number; onPreview: (cues: Cue[]) => void; onDone: (cues: Cue[]) => void; onCancel: () => void }) {
    const [rows, setRows] = useState<Row[]>(() => props.cues.map(rowOf));
    const [refusals, setRefusals] = useState<Record<string, string>>({});

    const read = (list: Row[]): Cue[] =>
        list.flatMap((row) => {
            const from = momentOf(row.from);
            const to = momentOf(row.to);
            return from === null || to === null || to <= from || row.text.trim() === "" ? [] : [{ from, to, text: row.text.trim() }];
        });
    const change = (list: Row[]) => {
        setRows(list);
        props.onPreview(read(list));
    };
    const set = (key: number, fields: Partial<Row>) => change(rows.map((row) => (row.key === key ? { ...row, ...fields } : row)));
    const add = () => {
        const from = Math.round(props.position() / 100) * 100;
        const row = rowOf({ from, to: from + usualMs, text: "" });
        const at = rows.findIndex((one) => (momentOf(one.from) ?? 0) > from);
        change(at < 0 ? [...rows, row] : [...rows.slice(0, at), row, ...rows.slice(at)]);
        focusFirst([`cue-${row.key}-text`]);
    };
    const done = () => {
        const found = rows.length === 0 ? { "cue-add": words.cueNone } : refusalsOf(rows);
        setRefusals(found);
        const ids = Object.keys(found);
        focusFirst(ids);
        if (ids.length === 0) props.onDone(read(rows));
        else announce(Object.values(found)[0] ?? "");
    };

    return (
        <div class="cues panel">
            <h4>{words.cueEditor}</h4>
            <p class="small">{words.cueHelp}</p>
            <ol class="cue-list">
                {rows.map((row, index) => {
                    const n = index + 1;
                    const moment = (end: "from" | "to", label: string, here: string, short: string) => {
                        const id = `cue-${row.key}-${end}`;
                        return (
                            <div class={refusals[id] ? "field field-refused" : "field"}>
                                <label for={id} aria-label={label}>
                                    {short}
                                </label>
                                <div class="field-row">
                                    <input id={id} aria-label={label} value={row[end]} inputMode="decimal" autocomplete="off" onInput={(event) => set(row.key, { [end]: event.currentTarget.value })} aria-invalid={refusals[id] ? "true" : undefined} aria-describedby={refusals[id] ? `${id}-refusal` : undefined} />
                                    <button type="button" class="button button-quiet" aria-label={here} onClick={() => set(row.key, { [end]: momentText(props.position()) })}>
                                        {words.cueHere}
                                    </button>
                                </div>
                                <Refusal id={id} text={refusals[id]} />
                            </div>
                        );
                    };
                    const text = `cue-${row.key}-text`;
                    return (
                        <li key={row.key} class="cue">
                            {moment("from", words.cueFrom(n), words.cueFromHere(n), words.cueFromShort)}
                            {moment("to", words.cueTo(n), words.cueToHere(n), words.cueToShort)}
                            <div class={refusals[text] ? "field field-refused cue-text" : "field cue-text"}>
                                <label for={text} aria-label={words.cueText(n)}>
                                    {words.cueTextShort}
                                </label>
                                <textarea id={text} aria-label={words.cueText(n)} rows={2} value={row.text} onInput={(event) => set(row.key, { text: event.currentTarget.value })} aria-invalid={refusals[text] ? "true" : undefined} aria-describedby={refusals[text] ? `${text}-refusal` : undefined} />
                                <Refusal id={text} text={refusals[text]} />
                            </div>
                            <button type="button" class="button button-quiet" aria-label={words.cueRemove(n)} onClick={() => change(rows.filter((one) => one.key !== row.key))}>
                                {words.cueRemoveShort}
                            </button>
                        </li>
                    );
                })}
            </ol>
            <p>
                <button type="button" class="button" id="cue-add" aria-describedby={refusals["cue-add"] ? "cue-add-refusal" : undefined} onClick={add}>
                    {words.cueAdd}
                </button>
            </p>
            <Refusal id="cue-add" text={refusals["cue-add"]} />
            <p class="actions">
                <button type="button" class="button button-main" onClick={done}>
                    {words.cueDone}
                </button>
                <button type="button" class="button" onClick={props.onCancel}>
                    {words.cueCancel}
                </button>
            </p>
        </div>
    );
}

function Refusal(props: { id: string; text: string | undefined }) {
    return props.text ? (
        <p class="field-refusal" id={`${props.id}-refusal`}>
            {props.text}
        </p>
    ) : null;
}
