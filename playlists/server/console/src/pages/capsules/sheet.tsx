// What a capsule is about, from the vocabulary; what is optional stands apart.
import { isDate } from "../../dates";
import { Field } from "../../parts/field";
import type { Refusals } from "../../parts/form";
import { Select } from "../../parts/select";
import type { CapsuleRecord } from "../../records";
import { axes, barriers, readings, themes, type Term } from "../../vocabulary";
import { words } from "./words";

export type SheetFields = "name" | "theme" | "valid-from" | "valid-until" | "review-by";

const reviewOf = (record: CapsuleRecord) => (typeof record["review_by"] === "string" ? record["review_by"] : "");

export function sheetRefusals(record: CapsuleRecord): Refusals<SheetFields> {
    const found: Refusals<SheetFields> = {};
    const from = record.valid?.from ?? "";
    const until = record.valid?.until ?? "";
    if (!record.title["fr"]?.trim()) found.name = words.nameMissing;
    if (!record.theme) found.theme = words.themeMissing;
    if (from !== "" && !isDate(from)) found["valid-from"] = words.dateShape;
    if (until !== "" && !isDate(until)) found["valid-until"] = words.dateShape;
    else if (from !== "" && until !== "" && until <= from) found["valid-until"] = words.datesReversed;
    if (reviewOf(record) !== "" && !isDate(reviewOf(record))) found["review-by"] = words.dateShape;
    return found;
}

const options = (terms: Term[], none: string) => [{ value: "", label: none }, ...terms.map(({ code, label }) => ({ value: code, label }))];

export function Sheet(props: { record: CapsuleRecord; refusals: Refusals<SheetFields>; onFields: (fields: Partial<CapsuleRecord>) => void }) {
    const { record, refusals, onFields } = props;
    const valid = record.valid ?? { from: null, until: null };
    const toggled = (list: string[] | undefined, one: string, on: boolean) => [...(list ?? []).filter((other) => other !== one), ...(on ? [one] : [])];
    const boxes = (legend: string, names: Record<string, string>, chosen: string[] | undefined, onChosen: (next: string[]) => void, hint?: string) => (
        <fieldset class="field">
            <legend>{legend}</legend>
            {hint && <p class="field-hint">{hint}</p>}
            <div class="choices choices-columns">
                {Object.entries(names).map(([code, label]) => (
                    <label key={code} class="choice">
                        <input type="checkbox" checked={(chosen ?? []).includes(code)} onChange={(event) => onChosen(toggled(chosen, code, event.currentTarget.checked))} />
                        <span>{label}</span>
                    </label>
                ))}
            </div>
        </fieldset>
    );
    return (
        <>
            <Field id="name" label={words.name} value={record.title["fr"] ?? ""} onValue={(fr) => onFields({ title: { ...record.title, fr } })} refusal={refusals.name} />
            <Select id="theme" label={words.theme} value={record.theme ?? ""} onValue={(theme) => onFields({ theme })} options={options(themes, words.chooseOne)} refusal={refusals.theme} />
            <details class="more-fields" open={Boolean(refusals["valid-from"] || refusals["valid-until"] || refusals["review-by"])}>
                <summary>{words.more}</summary>
                <div class="stack">
                    <div class="pair">
                        <Field id="valid-from" type="date" optional label={words.fromDate} value={valid.from ?? ""} onValue={(from) => onFields({ valid: { ...valid, from: from || null } })} refusal={refusals["valid-from"]} />
                        <Field id="valid-until" type="date" optional label={words.untilDate} value={valid.until ?? ""} onValue={(until) => onFields({ valid: { ...valid, until: until || null } })} refusal={refusals["valid-until"]} />
                    </div>
                    <div class="pair">
                        <Field id="review-by" type="date" optional label={words.reviewDate} value={reviewOf(record)} onValue={(day) => onFields({ review_by: day })} refusal={refusals["review-by"]} />
                    </div>
                    <Select id="axis" optional label={words.axis} value={record.axis ?? ""} onValue={(axis) => onFields({ axis })} options={options(axes, words.notSaid)} />
                    <Select id="barrier" optional label={words.barrier} value={record.barrier ?? ""} onValue={(barrier) => onFields({ barrier })} options={options(barriers, words.notSaid)} />
                    <Select id="reading" optional label={words.reading} value={record.reading ?? ""} onValue={(reading) => onFields({ reading })} options={options(readings, words.notSaid)} />
                    {boxes(words.audience, words.audiences, record.audience, (audience) => onFields({ audience }))}
                    {boxes(words.needs, words.needNames, record.needs, (needs) => onFields({ needs }), words.needsHint)}
                </div>
            </details>
        </>
    );
}
