// A notice on the screens of one place: text, last day, done.
import { useState } from "preact/hooks";
import { announce } from "../../announce";
import { ApiError } from "../../api";
import type { PageProps } from "../../app";
import { addDays, isDate, localDate } from "../../dates";
import { faultOf, isSignedOut, type Fault } from "../../faults";
import { fullDay } from "../../format";
import { fr } from "../../fr";
import { noticeBoard, type Notices } from "../../notices";
import { Choices } from "../../parts/choices";
import { Field } from "../../parts/field";
import { Form, useForm, type Refusals } from "../../parts/form";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { Select } from "../../parts/select";
import { useRead } from "../../read";
import { compare } from "../../search";
import { words } from "./words";

type Fields = "site" | "text" | "day";
type End = "today" | "tomorrow" | "week" | "other";

const longest = 200;

export function NoticePage(props: PageProps) {
    const read = useRead((signal) => noticeBoard.list(signal), props.onSignedOut);
    return (
        <Page title={words.title} intro={words.intro} narrow>
            {read.fault && <FaultNotice fault={read.fault} onRetry={read.again} />}
            {!read.value && !read.fault && <p class="loading">{fr.loading}</p>}
            {read.value && read.value.sites.length === 0 && (
                <Notice tone="remark">
                    <p>{words.noSite}</p>
                </Notice>
            )}
            {read.value && read.value.sites.length > 0 && <Board board={read.value} page={props} onChanged={read.again} />}
        </Page>
    );
}

function Board(props: { board: Notices; page: PageProps; onChanged: () => void }) {
    const sites = [...props.board.sites].sort((a, b) => compare(a.name, b.name));
    const [site, setSite] = useState(sites.length === 1 ? (sites[0]?.id ?? "") : "");
    const [text, setText] = useState("");
    const [end, setEnd] = useState<End>("today");
    const [day, setDay] = useState("");
    const [done, setDone] = useState(false);
    const form = useForm<Fields>();
    const today = localDate(new Date());
    const days: Record<End, string> = { today, tomorrow: addDays(today, 1), week: addDays(today, 7), other: day };
    const length = [...text.trim()].length;

    const refusals = (): Refusals<Fields> => {
        const found: Refusals<Fields> = {};
        if (site === "") found.site = words.siteMissing;
        if (length === 0) found.text = words.textMissing;
        else if (length > longest) found.text = words.textLong(length - longest);
        if (!isDate(days[end])) found.day = words.dayMissing;
        else if (days[end] < today) found.day = words.dayPast;
        else if (days[end] > addDays(today, 364)) found.day = words.dayFar;
        return found;
    };
    const shown = form.standing(refusals());
    const failed = (error: unknown): Fault | null => {
        if (isSignedOut(error)) return props.page.onSignedOut(), null;
        return error instanceof ApiError && error.status === 409 ? { text: words.tooMany, detail: "" } : faultOf(error);
    };
    const put = () => {
        setDone(false);
        void form.send(
            refusals(),
            async () => {
                await noticeBoard.add(site, text.trim(), days[end]);
                setText("");
                setDone(true);
                announce(words.done);
                props.onChanged();
            },
            failed,
        );
    };
    const remove = (id: string) =>
        void form.send(
            {},
            async () => {
                await noticeBoard.remove(id);
                setDone(false);
                announce(words.removed);
                props.onChanged();
            },
            failed,
        );
    const here = props.board.notices.filter((one) => site === "" || one.site === site);
    const nameOf = (id: string) => sites.find((one) => one.id === id)?.name ?? id;

    return (
        <>
            <Form busy={form.busy} submit={words.submit} busyText={words.busy} onSubmit={put}>
                {sites.length > 1 ? (
                    <Select
                        id="site"
                        label={words.site}
                        value={site}
                        onValue={setSite}
                        refusal={shown.site}
                        options={[...(site === "" ? [{ value: "", label: words.choose }] : []), ...sites.map((one) => ({ value: one.id, label: one.name }))]}
                    />
                ) : (
                    <p>
                        <strong>{sites[0]?.name}</strong>
                    </p>
                )}
                <div class={shown.text ? "field field-refused" : "field"}>
                    <label for="text">{words.text}</label>
                    <p class="field-hint" id="text-hint">
                        {words.textHint(Math.max(0, longest - length))}
                    </p>
                    <div class="field-row">
                        <textarea
                            id="text"
                            rows={3}
                            value={text}
                            onInput={(event) => setText(event.currentTarget.value)}
                            aria-required="true"
                            aria-invalid={shown.text ? "true" : undefined}
                            aria-describedby={shown.text ? "text-hint text-refusal" : "text-hint"}
                        />
                    </div>
                    {shown.text && (
                        <p class="field-refusal" id="text-refusal">
                            {shown.text}
                        </p>
                    )}
                </div>
                <Choices<End>
                    name="end"
                    legend={words.until}
                    value={end}
                    onValue={setEnd}
                    choices={[
                        { value: "today", label: words.today },
                        { value: "tomorrow", label: words.tomorrow },
                        { value: "week", label: words.week },
                        { value: "other", label: words.other },
                    ]}
                />
                {end === "other" && <Field id="day" type="date" label={words.day} value={day} onValue={setDay} refusal={shown.day} />}
                {length > 0 && (
                    <div class="notice-preview">
                        <p class="second">{words.preview}</p>
                        <p class="banner" lang="fr">
                            {text.trim()}
                        </p>
                    </div>
                )}
            </Form>
            {form.fault && <FaultNotice fault={form.fault} />}
            {done && (
                <Notice tone="success">
                    <p>{words.done}</p>
                </Notice>
            )}
            <section class="block" aria-labelledby="current-title">
                <h2 id="current-title">{words.current}</h2>
                {here.length === 0 && <p class="small">{words.none}</p>}
                <ul class="facts">
                    {here.map((one) => (
                        <li key={one.id} class="notice-row">
                            <div>
                                <p lang="fr">{one.text}</p>
                                <p class="second">{[...(sites.length > 1 ? [nameOf(one.site)] : []), words.till(fullDay(one.last_day))].join(" · ")}</p>
                            </div>
                            <button type="button" class="button button-quiet" aria-label={words.removeOf(one.text)} onClick={() => remove(one.id)}>
                                {words.remove}
                            </button>
                        </li>
                    ))}
                </ul>
            </section>
        </>
    );
}
