// On which screens and when: three choices, and for some places a search among places, types, communes and territories.
import { useMemo, useState } from "preact/hooks";
import { isDate } from "../../dates";
import { Choices } from "../../parts/choices";
import { Field } from "../../parts/field";
import type { Refusals } from "../../parts/form";
import type { Records, SiteRecord } from "../../records";
import { fits, wordsOf } from "../../search";
import { factsOf, keyOf, labelOf, type Occasion, type Scope } from "./places";
import { words } from "./words";

export type OccasionFields = "place-search" | "from" | "until";

const atOnce = 12;

export function occasionRefusals(occasion: Occasion): Refusals<OccasionFields> {
    const found: Refusals<OccasionFields> = {};
    if (occasion.scope === "nowhere") return found;
    if (occasion.scope === "some" && occasion.facts.length === 0) found["place-search"] = words.whereMissing;
    if (occasion.from !== "" && !isDate(occasion.from)) found.from = words.dateShape;
    if (occasion.until !== "" && !isDate(occasion.until)) found.until = words.dateShape;
    else if (occasion.from !== "" && occasion.until !== "" && occasion.until < occasion.from) found.until = words.datesReversed;
    return found;
}

export function OccasionForm(props: { occasion: Occasion; sites: Records<SiteRecord>; refusals: Refusals<OccasionFields>; onOccasion: (next: Occasion) => void }) {
    const { occasion } = props;
    const set = (fields: Partial<Occasion>) => props.onOccasion({ ...occasion, ...fields });
    return (
        <>
            <Choices<Scope>
                name="scope"
                legend={words.whereLegend}
                value={occasion.scope}
                onValue={(scope) => set({ scope })}
                choices={[
                    { value: "nowhere", label: words.whereNowhere },
                    { value: "everywhere", label: words.whereAll },
                    { value: "some", label: words.whereSome, hint: words.whereSomeHint },
                ]}
            />
            {occasion.scope === "some" && (
                <Places chosen={occasion.facts} sites={props.sites} refusal={props.refusals["place-search"]} onChosen={(facts) => set({ facts })} />
            )}
            {occasion.scope !== "nowhere" && (
                <>
                    <Choices
                        name="when"
                        legend={words.when}
                        value={occasion.when}
                        onValue={(when) => set({ when })}
                        choices={[
                            { value: "open", label: words.whenOpen },
                            { value: "always", label: words.whenAlways },
                        ]}
                    />
                    <div class="pair">
                        <Field id="from" type="date" optional label={words.fromDate} value={occasion.from} onValue={(from) => set({ from })} refusal={props.refusals.from} />
                        <Field id="until" type="date" optional label={words.untilDate} value={occasion.until} onValue={(until) => set({ until })} refusal={props.refusals.until} />
                    </div>
                    <p class="small">{words.dated}</p>
                </>
            )}
        </>
    );
}

function Places(props: { chosen: string[]; sites: Records<SiteRecord>; refusal: string | undefined; onChosen: (keys: string[]) => void }) {
    const [typed, setTyped] = useState("");
    const facts = useMemo(() => factsOf(props.sites), [props.sites]);
    const found = facts.filter((fact) => !props.chosen.includes(keyOf(fact)) && fits(fact.text, wordsOf(typed)));
    const box = (key: string, label: string, kind: string, checked: boolean) => (
        <label key={key} class="choice">
            <input
                type="checkbox"
                checked={checked}
                onChange={() => {
                    setTyped("");
                    props.onChosen(checked ? props.chosen.filter((one) => one !== key) : [...props.chosen, key]);
                }}
            />
            <span>
                {label} <span class="second">{kind}</span>
            </span>
        </label>
    );
    if (facts.length === 0) return <p>{words.noPlace}</p>;
    return (
        <div class={props.refusal ? "field field-refused" : "field"}>
            {props.chosen.length > 0 && (
                <fieldset>
                    <legend>{words.placeChosen}</legend>
                    <div class="choices">
                        {props.chosen.map((key) => box(key, labelOf(key, facts), words.facts[key.slice(0, key.indexOf(":")) as keyof typeof words.facts], true))}
                    </div>
                </fieldset>
            )}
            <label for="place-search">{words.placeSearch}</label>
            <input
                id="place-search"
                type="search"
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
                onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
                autocomplete="off"
                spellcheck={false}
                aria-invalid={props.refusal ? "true" : undefined}
                aria-describedby={props.refusal ? "place-search-refusal" : undefined}
            />
            {props.refusal && (
                <p class="field-refusal" id="place-search-refusal">
                    {props.refusal}
                </p>
            )}
            <div class="choices choices-columns">{found.slice(0, atOnce).map((fact) => box(keyOf(fact), fact.label, words.facts[fact.kind], false))}</div>
            {found.length === 0 && <p class="small">{words.placeNone}</p>}
            {found.length > atOnce && <p class="small">{words.placeMore(found.length - atOnce)}</p>}
        </div>
    );
}
