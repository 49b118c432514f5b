// Diffusions over a period: per day, per capsule, per site, and what the figures are worth. The period stands in the address.
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { announce } from "../announce";
import { api, type Report, type ReportRow } from "../api";
import type { PageProps } from "../app";
import { csv, download, type Cell } from "../csv";
import { daysBetween, eachDay, localDate } from "../dates";
import { faultOf, isSignedOut } from "../faults";
import { fullDay, fullMoment, integer, mediumDay, percent, span } from "../format";
import { fr } from "../fr";
import { BarTable } from "../parts/bar_table";
import { DailyChart } from "../parts/daily_chart";
import { Evidence } from "../parts/evidence";
import { FaultNotice, Notice } from "../parts/notice";
import { Page } from "../parts/page";
import { PeriodChooser } from "../parts/period_chooser";
import { periodFromQuery, queryOf, type Period } from "../period";
import { go } from "../router";

interface Reports {
    period: Period;
    day: Report;
    capsule: Report;
    site: Report;
}

const words = fr.statistics;
const byShowings = (rows: ReportRow[]) => [...rows].sort((a, b) => b.showings - a.showings || a.label.localeCompare(b.label, "fr"));

export function StatisticsPage(props: PageProps) {
    const today = localDate(new Date());
    const period = periodFromQuery(props.place.query, today);
    const [reports, setReports] = useState<Reports | null>(null);
    const [error, setError] = useState<unknown>(null);
    const [busy, setBusy] = useState(true);
    const [round, setRound] = useState(0);

    useEffect(() => {
        const stop = new AbortController();
        setBusy(true);
        setError(null);
        const ask = (by: "day" | "capsule" | "site") => api.report(period.from, period.to, by, stop.signal);
        Promise.all([ask("day"), ask("capsule"), ask("site")]).then(
            ([day, capsule, site]) => {
                setReports({ period, day, capsule, site });
                setBusy(false);
                announce(words.loaded(day.total.showings));
            },
            (failure: unknown) => {
                if (stop.signal.aborted) return;
                setBusy(false);
                if (isSignedOut(failure)) props.onSignedOut();
                else setError(failure);
            },
        );
        return () => stop.abort();
    }, [period.from, period.to, round]);

    const choose = (next: Period) => go(props.place.path + queryOf(next), "replace");
    return (
        <Page title={words.title} intro={words.intro}>
            <PeriodChooser period={period} today={today} onPeriod={choose} />
            {error !== null && <FaultNotice fault={faultOf(error)} onRetry={() => setRound(round + 1)} />}
            {busy && !reports && <p class="loading">{fr.loading}</p>}
            {reports && error === null && (
                <div class={busy ? "waiting" : undefined} aria-busy={busy}>
                    <Shown reports={reports} today={today} />
                </div>
            )}
        </Page>
    );
}

function Shown(props: { reports: Reports; today: string }) {
    const { period, day, capsule, site } = props.reports;
    const total = day.total;
    const example = day.example_data !== undefined;
    const last = period.to < props.today ? period.to : props.today;
    const days = useMemo(() => {
        const rows = new Map(day.rows.map((row) => [row.key, row]));
        const none = { showings: 0, complete: 0, shown_ms: 0, frames_due: 0, frames_shown: 0, panel_off: 0, scans: total.scans === null ? null : 0 };
        return eachDay(period.from, last).map((key): ReportRow => rows.get(key) ?? { key, label: key, ...none });
    }, [day, period, last]);
    const values = useMemo(() => days.map((row) => ({ day: row.key, value: row.showings })), [days]);

    const save = (what: string, head: string[], rows: ReportRow[], lead: (row: ReportRow) => Cell[]) => {
        const name = `diffusions-par-${what}_${period.from}_${period.to}.csv`;
        const labels = [words.csv.from, words.csv.to, ...head, words.showings, words.complete, words.csv.shownSeconds];
        labels.push(words.csv.panelOff, words.csv.framesDue, words.csv.framesShown, words.scans);
        if (example) labels.push(words.csv.remark); // on every line: lines get copied
        const cells = rows.map((row): Cell[] => [
            period.from, period.to, ...lead(row), row.showings, row.complete, Math.round(row.shown_ms / 1000), row.panel_off,
            row.frames_due, row.frames_shown, row.scans ?? words.csv.scansUnknown, ...(example ? [words.csv.exampleData] : []),
        ]);
        download(name, csv(labels, cells));
        announce(words.exported(name));
    };

    return (
        <>
            <p class="period-shown">
                <strong>{words.span(fullDay(period.from), fullDay(period.to), daysBetween(period.from, period.to))}.</strong>{" "}
                {period.to >= props.today && words.todayPartial} {words.generated(fullMoment(new Date(day.generated_at)))}
            </p>
            {example && (
                <Notice tone="remark">
                    <p>
                        <strong>{words.exampleData}</strong> {words.exampleDataHelp}
                    </p>
                </Notice>
            )}
            <section aria-labelledby="totals">
                <h2 id="totals" class="unseen">
                    {words.totals}
                </h2>
                <dl class="totals">
                    <Total label={words.showings} value={integer(total.showings)} help={words.showingsHelp} />
                    <Total label={words.complete} value={integer(total.complete)} help={words.completeHelp(percent(total.complete, total.showings))} />
                    <Total label={words.time} value={span(total.shown_ms)} help={words.timeHelp(day.screens)} />
                    {total.scans === null ? (
                        <Total label={words.scans} value={words.notMeasured} help={words.scansNotMeasured} quiet />
                    ) : (
                        <Total label={words.scans} value={integer(total.scans)} help={words.scansHelp} />
                    )}
                </dl>
            </section>
            {total.showings === 0 ? (
                <Notice tone="remark">
                    <p>{words.empty}</p>
                    <p>{words.emptyHelp}</p>
                </Notice>
            ) : (
                <>
                    <Block
                        id="per-day"
                        title={words.perDay}
                        onExport={() => save("jour", [words.day], days, (row) => [row.key])}
                    >
                        <DailyChart days={values} />
                        <details class="numbers">
                            <summary>{words.asTable}</summary>
                            <DayTable days={days} />
                            {days.some((row) => row.showings === 0) && <p class="small">{words.zeroDay}</p>}
                        </details>
                    </Block>
                    <Block
                        id="per-capsule"
                        title={words.perCapsule}
                        onExport={() => save("capsule", [words.capsule, words.id], byShowings(capsule.rows), (row) => [row.label, row.key])}
                    >
                        <BarTable caption={words.perCapsule} head={words.capsule} rows={byShowings(capsule.rows)} total={capsule.total} />
                    </Block>
                    <Block
                        id="per-site"
                        title={words.perSite}
                        onExport={() => save("site", [words.site, words.id], byShowings(site.rows), (row) => [row.label, row.key])}
                    >
                        <BarTable caption={words.perSite} head={words.site} rows={byShowings(site.rows)} total={site.total} />
                    </Block>
                </>
            )}
            <Evidence report={day} />
        </>
    );
}

function Total(props: { label: string; value: string; help: string; quiet?: boolean }) {
    return (
        <div class="total">
            <dt>{props.label}</dt>
            <dd class={props.quiet ? "total-value total-quiet" : "total-value"}>{props.value}</dd>
            <dd class="total-help">{props.help}</dd>
        </div>
    );
}

function Block(props: { id: string; title: string; onExport: () => void; children: ComponentChildren }) {
    return (
        <section class="block" aria-labelledby={props.id}>
            <div class="block-head">
                <h2 id={props.id}>{props.title}</h2>
                <button type="button" class="button no-print" onClick={props.onExport} aria-label={words.exportOf(props.title)}>
                    {words.export}
                </button>
            </div>
            {props.children}
        </section>
    );
}

function DayTable(props: { days: ReportRow[] }) {
    return (
        <table class="figures">
            <caption class="unseen">{words.perDay}</caption>
            <thead>
                <tr>
                    <th scope="col">{words.day}</th>
                    <th scope="col" class="number">{words.showings}</th>
                    <th scope="col" class="number">{words.complete}</th>
                    <th scope="col" class="number">{words.scans}</th>
                </tr>
            </thead>
            <tbody>
                {props.days.map((row) => (
                    <tr key={row.key}>
                        <th scope="row">
                            <time dateTime={row.key}>{mediumDay(row.key)}</time>
                        </th>
                        <td class={row.showings > 0 ? "number strong" : "number nothing"}>{integer(row.showings)}</td>
                        <td class="number">{integer(row.complete)}</td>
                        <td class="number">{row.scans === null ? words.notMeasured : integer(row.scans)}</td>
                    </tr>
                ))}
            </tbody>
        </table>
    );
}
