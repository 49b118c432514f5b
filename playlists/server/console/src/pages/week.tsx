// One screen's week, span by span, and what it shows at a moment: reckoned by the server as the screen itself reckons it.
import { useEffect, useState } from "preact/hooks";
import { announce } from "../announce";
import { api, type CapsuleRecord, type Explanation, type ScreenStatus, type WeekBlock, type WeekPlan } from "../api";
import type { PageProps } from "../app";
import { addDays, isDate, localDate } from "../dates";
import { faultOf, isSignedOut, type Fault } from "../faults";
import { longDay } from "../format";
import { fr } from "../fr";
import { Field } from "../parts/field";
import { Page } from "../parts/page";
import { FaultNotice, Notice } from "../parts/notice";
import { Select } from "../parts/select";
import { go } from "../router";

const compare = new Intl.Collator("fr", { numeric: true, sensitivity: "base" }).compare;
const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
const mondayOf = (date: string) => addDays(date, -((new Date(date + "T00:00:00Z").getUTCDay() + 6) % 7));
// "2026-11-24T09:00:00" is 9 h; the midnight that ends a day is 24 h.
const clock = (moment: string, day: string) => (moment.slice(0, 10) > day ? "24:00" : moment.slice(11, 16));

interface Known {
    screens: ScreenStatus[];
    capsules: Record<string, CapsuleRecord>;
}

export function WeekPage(props: PageProps) {
    const [known, setKnown] = useState<Known | null>(null);
    const [plan, setPlan] = useState<WeekPlan | null>(null);
    const [fault, setFault] = useState<Fault | null>(null);
    const [round, setRound] = useState(0);

    const today = localDate(new Date());
    const asked = props.place.query.get("semaine") ?? "";
    const monday = mondayOf(isDate(asked) ? asked : today);
    const screen = props.place.query.get("ecran") ?? known?.screens[0]?.id ?? "";
    const moment = props.place.query.get("moment") ?? "";

    const choose = (changes: Record<string, string>) => {
        const query = new URLSearchParams({ ecran: screen, semaine: monday, ...(moment ? { moment } : {}), ...changes });
        go(`/console/semaine?${query}`, "replace");
    };
    const failed = (error: unknown) => {
        if (isSignedOut(error)) props.onSignedOut();
        else setFault(faultOf(error));
    };

    useEffect(() => {
        const stop = new AbortController();
        setFault(null);
        Promise.all([api.screens(stop.signal), api.capsules(stop.signal)]).then(
            ([screens, capsules]) =>
                setKnown({ screens: screens.sort((a, b) => compare(a.site_name ?? "", b.site_name ?? "") || compare(a.name, b.name)), capsules }),
            (error: unknown) => !stop.signal.aborted && failed(error),
        );
        return () => stop.abort();
    }, [round]);

    useEffect(() => {
        if (screen === "") return;
        const stop = new AbortController();
        setFault(null);
        setPlan(null);
        api.week(screen, monday, addDays(monday, 7), stop.signal).then(
            (answer) => {
                setPlan(answer);
                announce(fr.week.ready(longDay(monday)));
            },
            (error: unknown) => !stop.signal.aborted && failed(error),
        );
        return () => stop.abort();
    }, [screen, monday, round]);

    return (
        <Page title={fr.week.title} intro={fr.week.intro}>
            {fault && <FaultNotice fault={fault} onRetry={() => setRound(round + 1)} />}
            {!known && !fault && <p class="loading">{fr.loading}</p>}
            {known && known.screens.length === 0 && (
                <Notice tone="remark">
                    <p>{fr.screens.none}</p>
                </Notice>
            )}
            {known && known.screens.length > 0 && (
                <>
                    <div class="week-tools">
                        <Select
                            id="ecran"
                            label={fr.week.screen}
                            value={screen}
                            onValue={(ecran) => choose({ ecran })}
                            options={known.screens.map((one) => ({ value: one.id, label: `${one.site_name ?? one.site}, ${one.name}` }))}
                        />
                        <div class="week-steps" role="group" aria-label={fr.week.steps}>
                            <button type="button" class="button" onClick={() => choose({ semaine: addDays(monday, -7) })}>
                                {fr.week.before}
                            </button>
                            <button type="button" class="button" onClick={() => choose({ semaine: mondayOf(today) })}>
                                {fr.week.now}
                            </button>
                            <button type="button" class="button" onClick={() => choose({ semaine: addDays(monday, 7) })}>
                                {fr.week.after}
                            </button>
                        </div>
                    </div>
                    {plan && (
                        <>
                            {plan.warnings.map((warning) => (
                                <Notice key={warning} tone="remark">
                                    <p>{warning}</p>
                                </Notice>
                            ))}
                            <Week plan={plan} monday={monday} today={today} onMoment={(at) => choose({ moment: at })} />
                            <Overlaps plan={plan} />
                        </>
                    )}
                    <Moment key={screen} screen={screen} moment={moment} fallback={`${today}T10:00`} capsules={known.capsules} plan={plan}
                            onMoment={(at) => choose({ moment: at })} onSignedOut={props.onSignedOut} />
                </>
            )}
        </Page>
    );
}

const titleOf = (plan: WeekPlan | null, playlist: string | null) => (playlist === null ? "" : (plan?.playlists[playlist] || playlist));

function labelOf(plan: WeekPlan, block: WeekBlock): string {
    if (block.kind === "closed") return fr.week.closed;
    if (block.kind === "gap") return fr.week.gap;
    const campaigns = block.campaigns.map((one) => fr.week.campaign(titleOf(plan, one.playlist), one.percent));
    return [titleOf(plan, block.playlist), ...campaigns].filter(Boolean).join(" + ");
}

// A capsule that is on the screen when a span begins is shown to its end: what the span itself brings is seen a little later.
function aMinuteAfter(moment: string): string {
    const minute = Number(moment.slice(14, 16));
    return minute === 59 ? moment.slice(0, 16) : moment.slice(0, 14) + String(minute + 1).padStart(2, "0");
}

function Week(props: { plan: WeekPlan; monday: string; today: string; onMoment: (at: string) => void }) {
    const days = Array.from({ length: 7 }, (_, index) => addDays(props.monday, index));
    const colours = [...new Set(props.plan.blocks.map((block) => block.playlist).filter(Boolean))];
    return (
        <ol class="week" aria-label={fr.week.caption}>
            {days.map((day) => (
                <li key={day} class="week-day">
                    <h2 class={day === props.today ? "week-today" : ""}>{longDay(day)}</h2>
                    <ol>
                        {props.plan.blocks
                            .filter((block) => block.from < addDays(day, 1) && block.until > `${day}T00:00:00`)
                            .map((block) => {
                                const from = block.from > day ? block.from : `${day}T00:00:00`;
                                const tone = block.kind === "plays" ? `week-tone-${Math.max(0, colours.indexOf(block.playlist)) % 5}` : "";
                                return (
                                    <li key={from}>
                                        <button type="button" class={`week-block week-${block.kind} ${tone}`} onClick={() => props.onMoment(aMinuteAfter(from))}>
                                            <span class="week-hours">
                                                {clock(from, day)} – {clock(block.until, day)}
                                            </span>{" "}
                                            {labelOf(props.plan, block)}
                                        </button>
                                    </li>
                                );
                            })}
                    </ol>
                </li>
            ))}
        </ol>
    );
}

function Overlaps(props: { plan: WeekPlan }) {
    if (props.plan.overlaps.length === 0) return null;
    return (
        <details class="week-overlaps">
            <summary>{fr.week.overlaps(props.plan.overlaps.length)}</summary>
            <ul>
                {props.plan.overlaps.map((one) => (
                    <li key={`${one.plays} ${one.does_not_play}`}>
                        {fr.week.overlap(longDay(one.from.slice(0, 10)), one.from.slice(11, 16), one.does_not_play)} {one.reason}
                    </li>
                ))}
            </ul>
        </details>
    );
}

function Moment(props: {
    screen: string;
    moment: string;
    fallback: string;
    capsules: Record<string, CapsuleRecord>;
    plan: WeekPlan | null;
    onMoment: (at: string) => void;
    onSignedOut: () => void;
}) {
    const start = props.moment || props.fallback;
    const [date, setDate] = useState(start.slice(0, 10));
    const [time, setTime] = useState(start.slice(11, 16));
    const [refused, setRefused] = useState(false);
    const [told, setTold] = useState<Explanation | null>(null);
    const [fault, setFault] = useState<Fault | null>(null);

    useEffect(() => {
        setTold(null);
        setFault(null);
        if (props.moment === "") return;
        setDate(props.moment.slice(0, 10));
        setTime(props.moment.slice(11, 16));
        setRefused(false);
        const stop = new AbortController();
        api.explanation(props.screen, props.moment, stop.signal).then(
            (answer) => {
                setTold(answer);
                announce(sentence(answer, props.capsules));
            },
            (error: unknown) => {
                if (stop.signal.aborted) return;
                if (isSignedOut(error)) props.onSignedOut();
                else setFault(faultOf(error));
            },
        );
        return () => stop.abort();
    }, [props.screen, props.moment]);

    const ask = (event: Event) => {
        event.preventDefault();
        const good = isDate(date) && isTime(time);
        setRefused(!good);
        if (good) props.onMoment(`${date}T${time}`);
    };
    return (
        <section class="week-question" aria-labelledby="moment-title">
            <h2 id="moment-title">{fr.week.question}</h2>
            <form class="week-form" onSubmit={ask} noValidate>
                <Field id="jour" type="date" label={fr.week.day} value={date} onValue={setDate} refusal={refused && !isDate(date) ? fr.week.badDay : undefined} />
                <Field id="heure" label={fr.week.hour} value={time} onValue={setTime} refusal={refused && !isTime(time) ? fr.week.badHour : undefined} />
                <button type="submit" class="button button-main">
                    {fr.week.ask}
                </button>
            </form>
            {fault && <FaultNotice fault={fault} />}
            {told && <Answer told={told} capsules={props.capsules} plan={props.plan} />}
        </section>
    );
}

function sentence(told: Explanation, capsules: Record<string, CapsuleRecord>): string {
    const shows = told.shows;
    if (shows === null) return fr.week.unknown;
    const title = shows.capsule === undefined ? "" : (capsules[shows.capsule]?.title["fr"] ?? shows.capsule);
    return fr.week.shows[shows.kind](title, shows.from.slice(11, 19), shows.until.slice(11, 19));
}

function Answer(props: { told: Explanation; capsules: Record<string, CapsuleRecord>; plan: WeekPlan | null }) {
    const { told } = props;
    return (
        <div class="panel week-answer">
            <p class="week-sentence">{sentence(told, props.capsules)}</p>
            {told.shows && <p>{told.shows.reason}</p>}
            <p class="small">{fr.week.reckoned}</p>
            <h3>{fr.week.schedules}</h3>
            <ul class="week-reasons">
                {told.schedules.map((one) => (
                    <li key={one.schedule} class={one.standing === "plays" || one.standing === "shares" ? "week-plays-now" : ""}>
                        <strong>{one.schedule}</strong> ({titleOf(props.plan, one.playlist)}) : {one.reason}
                    </li>
                ))}
            </ul>
            {told.capsules.length > 0 && (
                <details>
                    <summary>{fr.week.capsules(told.capsules.length)}</summary>
                    <ul class="week-reasons">
                        {told.capsules.map((one) => (
                            <li key={one.capsule}>
                                {props.capsules[one.capsule]?.title["fr"] ?? one.capsule} : {one.obstacle ?? fr.week.share(one.share ?? 0)}
                            </li>
                        ))}
                    </ul>
                </details>
            )}
        </div>
    );
}
