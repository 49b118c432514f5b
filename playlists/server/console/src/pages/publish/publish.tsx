// The draft goes out: what changes for whom, what stands against it, one button; and the way back.
import { useRef, useState } from "preact/hooks";
import { announce } from "../../announce";
import { api, ApiError } from "../../api";
import type { PageProps } from "../../app";
import { catalogue } from "../../catalogue";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { bytes, fullMoment, span } from "../../format";
import { fr } from "../../fr";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { publishing, type Past, type Published, type Review, type Warning } from "../../publishing";
import { useRead } from "../../read";
import { titleOf } from "../../records";
import { atLeast } from "../../roles";
import { follow } from "../../router";
import { CapsuleReport } from "../capsules/report";
import { ChangeList, ReachWords, type ScreenNames } from "./change_list";
import { PastList } from "./past_list";
import { explainable, problemWords } from "./problems";
import { words } from "./words";

export function PublishPage(props: PageProps) {
    const read = useRead(async (signal) => {
        const [review, past, screens, capsules, playlists] = await Promise.all([
            publishing.review(signal), publishing.past(signal), api.screens(signal), catalogue.capsules(signal), catalogue.playlists(signal),
        ]);
        const names: ScreenNames = Object.fromEntries(screens.map((screen) => [screen.id, screen]));
        const titles = { capsule: (id: string) => titleOf(id, capsules[id]), playlist: (id: string) => playlists[id]?.title || id };
        return { review, past, names, titles };
    }, props.onSignedOut);
    const [busy, setBusy] = useState(false);
    const [fault, setFault] = useState<Fault | null>(null);
    const [refused, setRefused] = useState(false);
    const [done, setDone] = useState<Published | null>(null);
    const end = useRef<HTMLDivElement>(null);
    const mayPublish = atLeast(props.session.role, "coordinator");

    const send = async (work: () => Promise<Published>) => {
        if (busy) return;
        setBusy(true);
        setFault(null);
        setRefused(false);
        setDone(null);
        try {
            const published = await work();
            setDone(published);
            announce(published.changed ? words.done(published.number) : words.doneNothing);
        } catch (error) {
            if (isSignedOut(error)) props.onSignedOut();
            else if (error instanceof ApiError && error.status === 422) setRefused(true);
            else setFault(faultOf(error));
        }
        setBusy(false);
        read.again();
        requestAnimationFrame(() => end.current?.scrollIntoView({ block: "nearest" }));
    };

    return (
        <Page title={words.title} intro={words.intro}>
            {read.fault && <FaultNotice fault={read.fault} onRetry={read.again} />}
            {!read.value && !read.fault && <p class="loading">{fr.loading}</p>}
            <div ref={end}>
                {fault && <FaultNotice fault={fault} />}
                {refused && (
                    <Notice tone="refusal">
                        <p>{words.refused}</p>
                    </Notice>
                )}
                {done && (
                    <Notice tone="success">
                        <p>{done.changed ? words.done(done.number) : words.doneNothing}</p>
                        {done.changed && <p>{words.doneHelp}</p>}
                        <p>
                            <a href="/console/ecrans" onClick={follow}>
                                {words.toScreens}
                            </a>
                        </p>
                    </Notice>
                )}
            </div>
            {read.value && (
                <>
                    <Draft
                        review={read.value.review}
                        names={read.value.names}
                        titles={read.value.titles}
                        mayPublish={mayPublish}
                        busy={busy}
                        quiet={done !== null}
                        onAnswered={read.again}
                        onSignedOut={props.onSignedOut}
                        onPublish={() => void send(publishing.publish)}
                    />
                    <PastList
                        past={read.value.past}
                        current={read.value.review.number}
                        unpublished={read.value.review.changes.length}
                        mayPublish={mayPublish}
                        busy={busy}
                        onRestore={(one: Past) => void send(() => publishing.restore(one.number))}
                    />
                </>
            )}
        </Page>
    );
}

interface Titles {
    capsule: (id: string) => string;
    playlist: (id: string) => string;
}

function Draft(props: { review: Review; names: ScreenNames; titles: Titles; mayPublish: boolean; busy: boolean; quiet: boolean; onPublish: () => void; onAnswered: () => void; onSignedOut: () => void }) {
    const { review } = props;
    const first = review.number === 0;
    const blocked = review.problems.length > 0;
    const nothing = review.changes.length === 0 && !first;
    const warnings = review.warnings.length + review.grid_warnings.length + (review.site_warnings.length > 0 ? 1 : 0);
    return (
        <>
            <p class="in-force">
                {first || review.published_at === null ? words.never : words.inForce(review.number, fullMoment(new Date(review.published_at)))}
            </p>
            {nothing && !blocked && !props.quiet && (
                <Notice tone="remark">
                    <p>{words.nothing}</p>
                </Notice>
            )}
            {blocked && (
                <section class="block" aria-labelledby="problems-title">
                    <h2 id="problems-title">{words.problemsTitle(review.problems.length)}</h2>
                    <ul class="facts facts-bad">
                        {review.problems
                            .filter((problem) => !props.mayPublish || explainable([problem]).length === 0)
                            .map((problem) => {
                            const said = problemWords(problem, props.titles);
                            return <li key={problem}>{said ?? <span lang="en">{problem}</span>}</li>;
                        })}
                    </ul>
                    {props.mayPublish &&
                        explainable(review.problems).map((id) => (
                            <div key={id} class="panel stack spaced">
                                <h3>{props.titles.capsule(id)}</h3>
                                <CapsuleReport id={id} mayAnswer open onAnswered={props.onAnswered} onSignedOut={props.onSignedOut} />
                            </div>
                        ))}
                </section>
            )}
            {review.changes.length > 0 && (
                <section class="block" aria-labelledby="changes-title">
                    <h2 id="changes-title">{words.changesTitle}</h2>
                    <ChangeList changes={review.changes} screens={props.names} />
                </section>
            )}
            {warnings > 0 && (
                <section class="block" aria-labelledby="warnings-title">
                    <h2 id="warnings-title">{words.warningsTitle(warnings)}</h2>
                    <p class="small">{words.warningsHelp}</p>
                    <ul class="facts facts-warn">
                        {review.warnings.map((warning, index) => (
                            <li key={index}>
                                <p>{warningWords(warning)}</p>
                                <ReachWords reach={warning} screens={props.names} />
                            </li>
                        ))}
                        {review.grid_warnings.map((line) => {
                            const said = problemWords(line, props.titles);
                            return (
                                <li key={line}>
                                    <p>{said ?? <span lang="en">{line}</span>}</p>
                                </li>
                            );
                        })}
                        {review.site_warnings.length > 0 && (
                            <li>
                                <p>{words.warning.site}</p>
                                <details>
                                    <summary>{fr.technical}</summary>
                                    <ul lang="en">
                                        {review.site_warnings.map((line) => (
                                            <li key={line}>{line}</li>
                                        ))}
                                    </ul>
                                </details>
                            </li>
                        )}
                    </ul>
                </section>
            )}
            {!props.mayPublish && <p class="small">{words.readOnly}</p>}
            {props.mayPublish && !blocked && !nothing && (
                <p class="actions">
                    <button type="button" class="button button-main" aria-disabled={props.busy} onClick={props.onPublish}>
                        {props.busy ? words.busy : review.changes.length > 0 ? words.publishMany(review.changes.length) : words.publish}
                    </button>
                </p>
            )}
        </>
    );
}

function warningWords(warning: Warning): string {
    const say = words.warning;
    if (warning.kind === "qr_illegible") return say.qr_illegible(warning.needed, warning.given);
    if (warning.kind === "caption_language") return say.caption_language(warning.capsule?.title ?? "", words.language(warning.language));
    if (warning.kind === "disk_small") return say.disk_small(bytes(warning.needed), bytes(warning.given));
    if (warning.kind === "loop_short") return say.loop_short(warning.playlist?.title ?? "", span(warning.given), span(warning.needed));
    if (warning.kind === "card_no_places") return say.card_no_places(warning.capsule?.title ?? "");
    if (warning.kind === "card_no_position") return say.card_no_position(warning.capsule?.title ?? "");
    return say.other(warning.kind);
}
