// Capsules to add: found by a word of their title, a press adds one at the end.
import { useMemo, useState } from "preact/hooks";
import { announce } from "../../announce";
import { span } from "../../format";
import { durationOf, thumbnailOf, titleOf, type CapsuleRecord, type Records } from "../../records";
import { compare, fits, plain, wordsOf } from "../../search";
import { labelIn, themes } from "../../vocabulary";
import { words } from "./words";

const atOnce = 8;

export function AddCapsules(props: { capsules: Records<CapsuleRecord>; taken: string[]; refusal: string | undefined; onAdd: (id: string) => void }) {
    const [typed, setTyped] = useState("");
    const all = useMemo(
        () =>
            Object.entries(props.capsules)
                .map(([id, capsule]) => {
                    const title = titleOf(id, capsule);
                    const theme = labelIn(themes, capsule.theme);
                    return { id, title, theme, capsule, text: plain(`${title} ${id} ${theme}`) };
                })
                .sort((a, b) => compare(a.title, b.title)),
        [props.capsules],
    );
    const taken = new Set(props.taken);
    const found = all.filter((one) => fits(one.text, wordsOf(typed)));
    // What is not in the list yet comes first.
    const ordered = [...found.filter((one) => !taken.has(one.id)), ...found.filter((one) => taken.has(one.id))];
    const shown = ordered.slice(0, atOnce);
    const add = (id: string, title: string) => {
        props.onAdd(id);
        announce(words.added(title));
    };

    if (all.length === 0) return <p>{words.noCapsule}</p>;
    return (
        <div class={props.refusal ? "field field-refused" : "field"}>
            <h3>{words.add}</h3>
            <label for="add-search">{words.addSearch}</label>
            <input
                id="add-search"
                type="search"
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
                onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
                autocomplete="off"
                spellcheck={false}
                aria-invalid={props.refusal ? "true" : undefined}
                aria-describedby={props.refusal ? "add-search-refusal" : undefined}
            />
            {props.refusal && (
                <p class="field-refusal" id="add-search-refusal">
                    {props.refusal}
                </p>
            )}
            {found.length === 0 && <p class="small">{words.addNone}</p>}
            <ul class="picks">
                {shown.map((one) => {
                    const length = durationOf(one.capsule);
                    const picture = thumbnailOf(one.capsule);
                    return (
                        <li key={one.id} class="pick">
                            {picture ? <img class="thumb" src={picture} alt="" loading="lazy" /> : <span class="thumb" />}
                            <span class="sortable-name">
                                {one.title}
                                <span class="second">
                                    {[one.theme, length === null ? words.noVideo : span(length), taken.has(one.id) ? words.already : ""].filter(Boolean).join(" · ")}
                                </span>
                            </span>
                            <button type="button" class="button" aria-label={words.addOne(one.title)} onClick={() => add(one.id, one.title)}>
                                {words.addShort}
                            </button>
                        </li>
                    );
                })}
            </ul>
            {found.length > atOnce && <p class="small">{words.addMore(found.length - atOnce)}</p>}
        </div>
    );
}
