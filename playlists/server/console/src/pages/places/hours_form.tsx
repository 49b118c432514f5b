// Opening hours as a table of the week. Hours that are finer than that stay as they are written, until somebody replaces them.
import { clockOf, closedWeek, days, hoursOf, weekOf, type Day } from "../../weekly_hours";
import { words } from "./words";

type Typed = Record<Day, [string, string, string, string]>; // two spans, as typed

export interface HoursState {
    raw: string | null; // finer than the table: kept as written
    typed: Typed;
    holidaysClosed: boolean;
}

const shown = (clock: string | undefined) => (clock ?? "").replace(/^0/, "");

export function hoursState(hours: string): HoursState {
    const week = hours === "" ? closedWeek() : weekOf(hours);
    const typed = Object.fromEntries(
        days.map((day) => {
            const [one, two] = week?.spans[day] ?? [];
            return [day, [shown(one?.from), shown(one?.to), shown(two?.from), shown(two?.to)]];
        }),
    ) as Typed;
    return { raw: week === null ? hours : null, typed, holidaysClosed: week?.holidaysClosed ?? true };
}

// What the table says, or what is wrong with it. An empty table says nothing: the place counts as always open.
export function readHours(state: HoursState): { hours: string } | { refusal: string } {
    if (state.raw !== null) return { hours: state.raw };
    const week = closedWeek();
    week.holidaysClosed = state.holidaysClosed;
    let any = false;
    for (const day of days) {
        const cells = state.typed[day];
        for (const at of [0, 2]) {
            const from = cells[at]!.trim();
            const to = cells[at + 1]!.trim();
            if (from === "" && to === "") continue;
            any = true;
            const begin = clockOf(from);
            const end = clockOf(to);
            const before = week.spans[day].at(-1);
            if (begin === null || end === null) return { refusal: words.hoursShape(words.day[day] ?? day) };
            if (end <= begin || (before !== undefined && begin < before.to)) return { refusal: words.hoursOrder(words.day[day] ?? day) };
            week.spans[day].push({ from: begin, to: end });
        }
    }
    return { hours: any ? hoursOf(week) : "" };
}

export function HoursForm(props: { state: HoursState; refusal: string | undefined; onState: (next: HoursState) => void }) {
    const { state } = props;
    const set = (day: Day, cell: number, value: string) => {
        const cells = [...state.typed[day]] as Typed[Day];
        cells[cell] = value;
        props.onState({ ...state, typed: { ...state.typed, [day]: cells } });
    };
    const copyMonday = () => {
        const typed = { ...state.typed };
        for (const day of ["Tu", "We", "Th", "Fr"] as Day[]) typed[day] = [...state.typed.Mo];
        props.onState({ ...state, typed });
    };
    if (state.raw !== null)
        return (
            <div class="stack">
                <p class="small">{words.hoursRawHelp}</p>
                <p>
                    <code>{state.raw}</code>
                </p>
                <p>
                    <button type="button" class="button" onClick={() => props.onState(hoursState(""))}>
                        {words.hoursTable}
                    </button>
                </p>
            </div>
        );
    return (
        <div class={props.refusal ? "field field-refused" : "field"} id="hours" tabIndex={-1}>
            <p class="field-hint">{words.hoursHelp}</p>
            <div class="opening">
                {days.map((day) => {
                    const name = words.day[day] ?? day;
                    const cell = (at: number, label: string) => (
                        <input aria-label={label} value={state.typed[day][at]} inputMode="numeric" autocomplete="off" size={5} onInput={(event) => set(day, at, event.currentTarget.value)} />
                    );
                    return (
                        <div key={day} class="opening-day" role="group" aria-label={name}>
                            <span class="opening-name">{name}</span>
                            <span class="opening-span">
                                {cell(0, words.hoursFrom(name, 1))} <span aria-hidden="true">{words.to}</span> {cell(1, words.hoursTo(name, 1))}
                            </span>
                            <span class="opening-span">
                                <span class="opening-and">{words.and}</span> {cell(2, words.hoursFrom(name, 2))} <span aria-hidden="true">{words.to}</span> {cell(3, words.hoursTo(name, 2))}
                            </span>
                        </div>
                    );
                })}
            </div>
            <p class="opening-tools">
                <button type="button" class="button button-quiet" onClick={copyMonday}>
                    {words.hoursCopy(words.day["Mo"] ?? "")}
                </button>
            </p>
            <label class="choice">
                <input type="checkbox" checked={state.holidaysClosed} onChange={(event) => props.onState({ ...state, holidaysClosed: event.currentTarget.checked })} />
                <span>{words.holidaysClosed}</span>
            </label>
            {props.refusal && (
                <p class="field-refusal" role="alert">
                    {props.refusal}
                </p>
            )}
        </div>
    );
}

// "lun.–ven. 9:00–12:00 et 13:30–17:00"; what is finer is shown as it is written.
export function hoursWords(hours: string | undefined): string {
    if (!hours) return words.hoursUnknown;
    const week = weekOf(hours);
    if (week === null) return hours;
    const parts: string[] = [];
    const text = (day: Day) => week.spans[day].map((span) => `${shown(span.from)}${words.to}${shown(span.to)}`).join(` ${words.and} `);
    for (let at = 0; at < 7; at++) {
        const day = days[at]!;
        let last = at;
        while (last + 1 < 7 && text(days[last + 1]!) === text(day)) last++;
        const names = last === at ? words.dayShort[day] : `${words.dayShort[day]}–${words.dayShort[days[last]!]}`;
        if (text(day) !== "") parts.push(`${names} ${text(day)}`);
        at = last;
    }
    return parts.length === 0 ? words.closed : parts.join(", ");
}
