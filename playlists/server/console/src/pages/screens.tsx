// All screens and how they are, refreshed while the page is looked at.
import { useEffect, useMemo, useState } from "preact/hooks";
import { announce } from "../announce";
import { api, type CapsuleRecord, type Role, type ScreenState, type ScreenStatus } from "../api";
import type { PageProps } from "../app";
import { communeName } from "../communes";
import { faultOf, isSignedOut } from "../faults";
import { ago, fullMoment, integer } from "../format";
import { fr } from "../fr";
import { Page } from "../parts/page";
import { FaultNotice, Notice } from "../parts/notice";
import { StateBadge } from "../parts/state_badge";
import { usePolled } from "../poll";
import { follow } from "../router";
import { compare, plain } from "../search";

const everyMs = 15_000;
// Beyond these, rows wait for a button: a search among 1,000 screens must not make the typing wait.
const rowsAtOnce = 150;
// What needs a look comes first.
const urgency: Record<ScreenState, number> = { silent: 0, never: 1, online: 2 };

const mayEnrol: Role[] = ["administrator", "coordinator"];

interface Answer {
    screens: ScreenStatus[];
    capsules: Record<string, CapsuleRecord>;
}

export function ScreensPage(props: PageProps) {
    const [words, setWords] = useState("");
    const [only, setOnly] = useState<ScreenState | null>(null);
    const [all, setAll] = useState(false);
    const [now, setNow] = useState(() => new Date());
    const polled = usePolled<Answer>(async (signal) => {
        const [screens, capsules] = await Promise.all([api.screens(signal), api.capsules(signal)]);
        return { screens, capsules };
    }, everyMs);

    useEffect(() => {
        const timer = setInterval(() => setNow(new Date()), 10_000);
        return () => clearInterval(timer);
    }, []);
    useEffect(() => setNow(new Date()), [polled.at]);
    useEffect(() => {
        if (polled.error && isSignedOut(polled.error)) props.onSignedOut();
    }, [polled.error]);

    const screens = polled.value?.screens ?? [];
    const wanted = plain(words.trim());
    const shown = useMemo(() => {
        const fits = (screen: ScreenStatus) =>
            (only === null || screen.state === only) &&
            (wanted === "" ||
                plain([screen.name, screen.id, screen.code, screen.site_name, screen.site, communeName(screen.commune), screen.commune].join(" ")).includes(
                    wanted,
                ));
        return screens
            .filter(fits)
            .sort((a, b) => urgency[a.state] - urgency[b.state] || compare(a.site_name ?? "", b.site_name ?? "") || compare(a.name, b.name));
    }, [screens, only, wanted]);

    const visible = all ? shown : shown.slice(0, rowsAtOnce);
    const narrowed = only !== null || wanted !== "";
    useEffect(() => {
        if (!narrowed || !polled.value) return;
        const timer = setTimeout(() => announce(fr.screens.shown(shown.length, screens.length)), 600);
        return () => clearTimeout(timer);
    }, [only, wanted]);

    const clear = () => {
        setWords("");
        setOnly(null);
    };

    return (
        <Page title={fr.screens.title} intro={fr.screens.intro}>
            {mayEnrol.includes(props.session.role) && (
                <p class="actions no-print">
                    <a class="button" href="/console/ecrans/ajouter" onClick={follow}>
                        {fr.enrol.link}
                    </a>
                </p>
            )}
            {polled.error && !isSignedOut(polled.error) ? (
                <FaultNotice fault={faultOf(polled.error)} onRetry={polled.again} {...(polled.value ? { note: fr.fault.keptOld } : {})} />
            ) : null}
            {!polled.value && !polled.error && <p class="loading">{fr.loading}</p>}
            {polled.value && screens.length === 0 && (
                <Notice tone="remark">
                    <p>{fr.screens.none}</p>
                    <p>{fr.screens.noneHelp}</p>
                </Notice>
            )}
            {screens.length > 0 && (
                <>
                    <div class="tools no-print">
                        <StateFilter screens={screens} only={only} onOnly={setOnly} />
                        <div class="search" role="search">
                            <label for="search">{fr.screens.search}</label>
                            <input
                                id="search"
                                type="search"
                                value={words}
                                placeholder={fr.screens.searchHint}
                                onInput={(event) => setWords(event.currentTarget.value)}
                                autocomplete="off"
                                spellcheck={false}
                            />
                        </div>
                    </div>
                    <p class="table-note">
                        {fr.screens.shown(shown.length, screens.length)}
                        {polled.at && <span> · {fr.screens.updated(ago(polled.at, now))}</span>}
                    </p>
                    {shown.length === 0 ? (
                        <Notice tone="remark">
                            <p>{fr.screens.noMatch}</p>
                            <button type="button" class="button" onClick={clear}>
                                {fr.screens.clear}
                            </button>
                        </Notice>
                    ) : (
                        <ScreenTable screens={visible} capsules={polled.value?.capsules ?? {}} now={now} />
                    )}
                    {visible.length < shown.length && (
                        <p class="more">
                            <button type="button" class="button" onClick={() => setAll(true)}>
                                {fr.screens.more(shown.length - visible.length)}
                            </button>
                        </p>
                    )}
                    <p class="small">{fr.screens.stateHelp}</p>
                </>
            )}
        </Page>
    );
}

function StateFilter(props: { screens: ScreenStatus[]; only: ScreenState | null; onOnly: (state: ScreenState | null) => void }) {
    const count = (state: ScreenState) => props.screens.filter((screen) => screen.state === state).length;
    const states: ScreenState[] = ["online", "silent", "never"];
    return (
        <div class="filters" role="group" aria-label={fr.screens.filterLabel}>
            <button type="button" class="filter" aria-pressed={props.only === null} onClick={() => props.onOnly(null)}>
                <span>{fr.screens.all}</span> <span class="filter-count">{integer(props.screens.length)}</span>
            </button>
            {states.map((state) => (
                <button key={state} type="button" class="filter" aria-pressed={props.only === state} onClick={() => props.onOnly(state)}>
                    <StateBadge state={state} /> <span class="filter-count">{integer(count(state))}</span>
                </button>
            ))}
        </div>
    );
}

// Roles are written out: on a narrow window rows become cards, and browsers forget what a table is when its display changes.
function ScreenTable(props: { screens: ScreenStatus[]; capsules: Record<string, CapsuleRecord>; now: Date }) {
    const head = fr.screens.head;
    return (
        <table class="cards" role="table">
            <caption class="unseen">{fr.screens.caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {[head.screen, head.state, head.site, head.commune, head.seen, head.playing, head.programme].map((label) => (
                        <th key={label} role="columnheader" scope="col">
                            {label}
                        </th>
                    ))}
                    <th role="columnheader" scope="col" class="number">
                        {head.today}
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {props.screens.map((screen) => (
                    <ScreenRow key={screen.id} screen={screen} capsules={props.capsules} now={props.now} />
                ))}
            </tbody>
        </table>
    );
}

function ScreenRow(props: { screen: ScreenStatus; capsules: Record<string, CapsuleRecord>; now: Date }) {
    const { screen } = props;
    const head = fr.screens.head;
    const seen = screen.last_seen === null ? null : new Date(screen.last_seen);
    const title = screen.playing === null ? null : (props.capsules[screen.playing]?.title["fr"] ?? screen.playing);
    return (
        <tr role="row">
            <th role="rowheader" scope="row">
                <a href={`/console/lieux/ecran?id=${screen.id}`} onClick={follow}>
                    {screen.name}
                </a>
                <span class="second">{fr.screens.code(screen.code)}</span>
            </th>
            <td role="cell" data-label={head.state}>
                <span>
                    <StateBadge state={screen.state} />
                    {screen.device === null && <span class="second">{fr.screens.noDevice}</span>}
                    {screen.reason !== null && screen.reason !== "" && <span class="second">{screen.reason}</span>}
                </span>
            </td>
            <td role="cell" data-label={head.site}>
                {screen.site_name ?? screen.site}
            </td>
            <td role="cell" data-label={head.commune}>
                {communeName(screen.commune) || fr.screens.nothing}
            </td>
            <td role="cell" data-label={head.seen}>
                {seen === null ? (
                    fr.screens.neverSeen
                ) : (
                    <time dateTime={seen.toISOString()} title={fullMoment(seen)}>
                        {ago(seen, props.now)}
                    </time>
                )}
            </td>
            <td role="cell" data-label={head.playing}>
                {/* What a silent screen plays is not known, whatever it said last. */}
                {screen.state === "never" ? fr.screens.nothing : screen.state === "silent" ? fr.screens.unknownPlaying : (title ?? fr.screens.nothing)}
            </td>
            <td role="cell" data-label={head.programme}>
                {screen.programme === null ? fr.screens.programmeNone : fr.screens.programmeNumber(screen.programme)}
            </td>
            <td role="cell" data-label={head.today} class="number">
                {integer(screen.showings_today)}
            </td>
        </tr>
    );
}
