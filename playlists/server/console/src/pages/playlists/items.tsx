// The capsules of a playlist in their order, each with its frequency in words and how often that makes it come.
import { announce } from "../../announce";
import { span } from "../../format";
import { moved, Sortable } from "../../parts/sortable";
import { titleOf, thumbnailOf, type CapsuleRecord, type PlaylistItem, type PlaylistRecord, type Records } from "../../records";
import { itemMs } from "./round";
import { words } from "./words";

export interface Line {
    key: number; // a capsule may stand in a list twice
    item: PlaylistItem;
}

let keys = 0;
export const linesOf = (items: PlaylistItem[]): Line[] => items.map((item) => ({ key: ++keys, item }));

interface Known {
    playlists: Records<PlaylistRecord>;
    capsules: Records<CapsuleRecord>;
}

function nameOf(item: PlaylistItem, known: Known): string {
    if (item.playlist !== undefined) return words.innerList(known.playlists[item.playlist]?.title || item.playlist);
    return titleOf(item.capsule ?? "", known.capsules[item.capsule ?? ""]);
}

function weightsFor(item: PlaylistItem): number[] {
    const weights = [...(item.playlist === undefined ? [] : [0]), 1, 2, 3, 4, 5];
    const now = item.weight ?? (item.playlist === undefined ? 1 : 0);
    return weights.includes(now) ? weights : [...weights, now];
}

export function Items(props: { lines: Line[]; record: PlaylistRecord; known: Known; counts: Record<string, number>; onLines: (lines: Line[]) => void }) {
    const { lines, known } = props;
    if (lines.length === 0) return <p class="small">{words.empty}</p>;
    const change = (key: number, fields: Partial<PlaylistItem>) =>
        props.onLines(lines.map((line) => (line.key === key ? { key, item: { ...line.item, ...fields } } : line)));
    const remove = (key: number, name: string) => {
        props.onLines(lines.filter((line) => line.key !== key));
        announce(words.removed(name));
        requestAnimationFrame(() => document.getElementById("add-search")?.focus());
    };
    return (
        <>
            <p class="small">{words.itemsHelp}</p>
            <Sortable
                label={words.items}
                rows={lines}
                keyOf={(line) => line.key}
                nameOf={(line) => nameOf(line.item, known)}
                onMove={(from, to) => props.onLines(moved(lines, from, to))}
                render={({ key, item }) => {
                    const name = nameOf(item, known);
                    const capsule = known.capsules[item.capsule ?? ""];
                    const picture = thumbnailOf(capsule);
                    return (
                        <>
                            {picture ? <img class="thumb" src={picture} alt="" loading="lazy" /> : <span class="thumb" />}
                            <div class="sortable-name">
                                {name}
                                <span class="second">{details(item, capsule, props).join(" · ")}</span>
                            </div>
                            <select
                                aria-label={words.frequency(name)}
                                value={String(item.weight ?? (item.playlist === undefined ? 1 : 0))}
                                onChange={(event) => change(key, { weight: Number(event.currentTarget.value) })}
                            >
                                {weightsFor(item).map((weight) => (
                                    <option key={weight} value={String(weight)}>
                                        {weight === 0 ? words.within : words.often(weight)}
                                    </option>
                                ))}
                            </select>
                            <button type="button" class="button button-quiet" aria-label={words.remove(name)} onClick={() => remove(key, name)}>
                                {words.removeShort}
                            </button>
                        </>
                    );
                }}
            />
        </>
    );
}

function details(item: PlaylistItem, capsule: CapsuleRecord | undefined, props: { record: PlaylistRecord; known: Known; counts: Record<string, number> }): string[] {
    if (item.playlist !== undefined) return [];
    if (capsule === undefined) return [words.gone];
    const length = itemMs(item, props.record, props.known.capsules);
    const found = [length === null ? words.noVideo : span(length)];
    const count = props.counts[item.capsule ?? ""];
    if (count !== undefined) found.push(words.perHour(count));
    if (item.at_least_per_hour) found.push(words.atLeast(item.at_least_per_hour));
    if (item.at_most_per_hour) found.push(words.atMost(item.at_most_per_hour));
    return found;
}
