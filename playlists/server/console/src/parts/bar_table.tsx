// A table of figures whose first number is also drawn as a bar: the chart and its text alternative are one thing.
import type { Figures, ReportRow } from "../api";
import { integer, percent, span } from "../format";
import { fr } from "../fr";

const scansOf = (figures: Figures) => (figures.scans === null ? fr.statistics.notMeasured : integer(figures.scans));

export function BarTable(props: { caption: string; head: string; rows: ReportRow[]; total: Figures }) {
    const most = Math.max(1, ...props.rows.map((row) => row.showings));
    const words = fr.statistics;
    return (
        <table class="figures cards" role="table">
            <caption class="unseen">{props.caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">
                        {props.head}
                    </th>
                    {[words.showings, words.share, words.complete, words.time, words.scans].map((label) => (
                        <th key={label} role="columnheader" scope="col" class="number">
                            {label}
                        </th>
                    ))}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {props.rows.map((row) => (
                    <tr key={row.key} role="row">
                        <th role="rowheader" scope="row">
                            {row.label}
                            <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                                <rect width="100" height="6" class="bar-ground" />
                                <rect width={(row.showings / most) * 100} height="6" class="bar-value" />
                            </svg>
                        </th>
                        <FigureCells figures={row} whole={props.total.showings} />
                    </tr>
                ))}
            </tbody>
            <tfoot role="rowgroup">
                <tr role="row">
                    <th role="rowheader" scope="row">
                        {words.total}
                    </th>
                    <FigureCells figures={props.total} whole={props.total.showings} />
                </tr>
            </tfoot>
        </table>
    );
}

function FigureCells(props: { figures: Figures; whole: number }) {
    const { figures } = props;
    const words = fr.statistics;
    return (
        <>
            <td role="cell" class="number strong" data-label={words.showings}>
                {integer(figures.showings)}
            </td>
            <td role="cell" class="number" data-label={words.share}>
                {percent(figures.showings, props.whole)}
            </td>
            <td role="cell" class="number" data-label={words.complete}>
                {integer(figures.complete)}
            </td>
            <td role="cell" class="number" data-label={words.time}>
                {span(figures.shown_ms)}
            </td>
            <td role="cell" class="number" data-label={words.scans}>
                {scansOf(figures)}
            </td>
        </>
    );
}
