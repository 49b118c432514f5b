// What changes, one entry each: in words, with the screens that it concerns.
import type { JSX } from "preact";
import type { ScreenStatus } from "../../api";
import type { Change, Named, Reach } from "../../publishing";
import { words } from "./words";

const namedAtOnce = 6;
const screensAtOnce = 3;

export type ScreenNames = Record<string, ScreenStatus>;

function names(list: Named[]): string {
    const shown = list.slice(0, namedAtOnce).map((one) => `«\u00a0${one.title}\u00a0»`).join(", ");
    return list.length > namedAtOnce ? `${shown} ${words.andMore(list.length - namedAtOnce)}` : shown;
}

export function headline(change: Change): string {
    if (change.subject === "playlist") return words.playlist[change.kind](change.title);
    if (change.subject === "schedule") return words.schedule[change.kind](change.title);
    if (change.subject === "capsule") return words.capsule(change.title);
    return change.subject === "directory" ? words.directory : words.schoolHolidays;
}

function details(change: Change): string[] {
    const lines: string[] = [];
    if (change.added.length > 0) lines.push(change.kind === "added" ? words.playlist.holds(names(change.added)) : words.playlist.adds(names(change.added)));
    if (change.removed.length > 0) lines.push(words.playlist.removes(names(change.removed)));
    if (change.order) lines.push(words.playlist.order);
    for (const one of change.weights) lines.push(words.playlist.weight(one.title, one.before, one.after));
    if (change.rules) lines.push(words.playlist.rules);
    for (const part of change.parts) lines.push(words.parts[part] ?? part);
    return lines;
}

const label = (id: string, screens: ScreenNames) => {
    const screen = screens[id];
    return screen ? `${screen.site_name ?? screen.site} (${screen.name})` : id;
};

export function ReachWords(props: { reach: Reach; screens: ScreenNames }): JSX.Element {
    const { reach, screens } = props;
    if (reach.screen_count === 0) return <p class="reach">{words.for.nobody}</p>;
    if (reach.everywhere) return <p class="reach">{words.for.everywhere(reach.screen_count)}</p>;
    const shown = reach.screens.slice(0, screensAtOnce).map((id) => label(id, screens));
    return (
        <div class="reach">
            <p>{words.for.some(shown.join(", "), reach.screen_count - shown.length)}</p>
            {reach.screen_count > shown.length && (
                <details>
                    <summary>{words.for.which(reach.screens.length)}</summary>
                    <ul>
                        {reach.screens.map((id) => (
                            <li key={id}>{label(id, screens)}</li>
                        ))}
                    </ul>
                </details>
            )}
        </div>
    );
}

const marks: Record<Change["kind"], string> = { added: "M8 3v10M3 8h10", removed: "M3 8h10", changed: "M3 10.5c2-4 4-4 5-2s3 2 5-2" };

export function ChangeList(props: { changes: Change[]; screens: ScreenNames }) {
    return (
        <ul class="changes">
            {props.changes.map((change) => (
                <li key={`${change.subject} ${change.id}`} class={`change change-${change.kind}`}>
                    <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
                        <path d={marks[change.kind]} />
                    </svg>
                    <div>
                        <h3>{headline(change)}</h3>
                        {details(change).map((line) => (
                            <p key={line}>{line}</p>
                        ))}
                        <ReachWords reach={change} screens={props.screens} />
                    </div>
                </li>
            ))}
        </ul>
    );
}
