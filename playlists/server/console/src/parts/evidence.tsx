// What the figures are worth, in words that can be repeated before a steering committee.
import type { Report } from "../api";
import { percent, span } from "../format";
import { fr } from "../fr";

export function Evidence(props: { report: Report }) {
    const { report } = props;
    const { total, bounded, opening, corrections } = report;
    const words = fr.evidence;
    return (
        <section class="evidence" aria-labelledby="evidence">
            <h2 id="evidence">{words.title}</h2>
            <div class="columns">
                <div class="panel">
                    <h3>{words.known}</h3>
                    <ul>
                        <li>{words.received(report.received_rows, total.showings)}</li>
                        {report.missing_rows + report.unknown_gaps === 0 && <li>{words.missingNone}</li>}
                        {total.frames_due > 0 && <li>{words.frames(percent(total.frames_shown, total.frames_due))}</li>}
                        {total.showings > 0 && <li>{words.complete(total.complete, total.showings - total.complete)}</li>}
                        {total.panel_off > 0 && (
                            <li>
                                <strong>{words.panelOff(total.panel_off)}</strong>
                            </li>
                        )}
                        <li>
                            {words.bookedByDay} {bounded.showings === 0 && words.boundedNone}
                        </li>
                        {opening.open_ms > 0 && (
                            <li>
                                {words.opening(span(opening.open_ms), opening.screens)}
                                <ul>
                                    <li>{words.openingProven(span(opening.proven_ms), percent(opening.proven_ms, opening.open_ms))}</li>
                                    <li>{words.openingOff(span(opening.off_ms))}</li>
                                </ul>
                            </li>
                        )}
                        {corrections.count > 0 && <li>{words.corrections(corrections.count, corrections.showings)}</li>}
                        {report.refused > 0 && <li>{words.refused(report.refused)}</li>}
                        {report.dropped_rows > 0 && <li>{words.dropped(report.dropped_rows)}</li>}
                    </ul>
                </div>
                <div class="panel">
                    <h3>{words.unknown}</h3>
                    <ul>
                        {opening.unknown_ms > 0 && (
                            <li>
                                <strong>{words.openingUnknown(span(opening.unknown_ms), percent(opening.unknown_ms, opening.open_ms))}</strong>
                            </li>
                        )}
                        {report.forked_rows > 0 && (
                            <li>
                                <strong>{words.apart(report.forked_rows)}</strong>
                            </li>
                        )}
                        {report.missing_rows > 0 && (
                            <li>
                                <strong>{words.missing(report.missing_rows)}</strong>
                            </li>
                        )}
                        {report.unknown_gaps > 0 && (
                            <li>
                                <strong>{words.unknownGaps(report.unknown_gaps)}</strong>
                            </li>
                        )}
                        {bounded.showings > 0 && (
                            <li>
                                <strong>{words.bounded(bounded.showings, span(bounded.shown_ms))}</strong>
                            </li>
                        )}
                        <li>{words.notYet}</li>
                        <li>{words.audience}</li>
                        <li>{words.panel}</li>
                        <li>{total.scans === null ? words.scans : words.scansCounted}</li>
                    </ul>
                </div>
            </div>
        </section>
    );
}
