// All capsules; dropping a file begins a new one.
import { useMemo, useState } from "preact/hooks";
import type { PageProps } from "../../app";
import { catalogue } from "../../catalogue";
import { localDate } from "../../dates";
import { fullDay, span } from "../../format";
import { fr } from "../../fr";
import { bring } from "../../masters";
import { DropZone } from "../../parts/drop_zone";
import { useGrowing } from "../../parts/growing";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { SearchBox } from "../../parts/search_box";
import { Select } from "../../parts/select";
import { useRead } from "../../read";
import { durationOf, thumbnailOf, titleOf, type CapsuleRecord } from "../../records";
import { atLeast } from "../../roles";
import { follow, go } from "../../router";
import { compare, fits, plain, wordsOf } from "../../search";
import { labelIn, themes } from "../../vocabulary";
import { accepted, refusalOf } from "./masters_drop";
import { words } from "./words";

interface Row {
    id: string;
    title: string;
    capsule: CapsuleRecord;
    theme: string;
    languages: string;
    lists: string[];
    text: string;
}

export function CapsulesPage(props: PageProps) {
    const [typed, setTyped] = useState("");
    const [theme, setTheme] = useState("");
    const [refusal, setRefusal] = useState<string | null>(null);
    const read = useRead(async (signal) => {
        const [capsules, playlists] = await Promise.all([catalogue.capsules(signal), catalogue.playlists(signal)]);
        const lists = new Map<string, string[]>();
        for (const [id, playlist] of Object.entries(playlists))
            for (const item of playlist.items) if (item.capsule) lists.set(item.capsule, [...(lists.get(item.capsule) ?? []), playlist.title || id]);
        return Object.entries(capsules)
            .map(([id, capsule]): Row => {
                const title = titleOf(id, capsule);
                const label = labelIn(themes, capsule.theme);
                const languages = [...new Set((capsule.versions ?? []).map((version) => version.language))].map(words.language).join(", ");
                return { id, title, capsule, theme: label, languages, lists: [...new Set(lists.get(id) ?? [])], text: plain(`${title} ${id} ${label} ${capsule.code ?? ""}`) };
            })
            .sort((a, b) => compare(a.title, b.title));
    }, props.onSignedOut);
    const all = read.value ?? [];
    const shown = useMemo(() => {
        const wanted = wordsOf(typed);
        return all.filter((row) => (theme === "" || row.capsule.theme === theme) && fits(row.text, wanted));
    }, [read.value, typed, theme]);
    const { visible, more } = useGrowing(shown, `${typed} ${theme}`);
    const used = useMemo(() => themes.filter((term) => all.some((row) => row.capsule.theme === term.code)), [read.value]);
    const today = localDate(new Date());

    const dropped = (files: File[]) => {
        const found = refusalOf(files);
        setRefusal(found);
        if (found === null && files[0]) go(`/console/capsules/modifier?envoi=${bring(files[0], "fr")}`);
    };

    return (
        <Page title={words.title} intro={words.intro}>
            {atLeast(props.session.role, "contributor") && (
                <section class="block drop-block" aria-label={words.drop}>
                    <DropZone id="master" help={words.dropHelp} button={words.choose} hint={words.dropLimit} accept={accepted} refusal={refusal ?? undefined} onFiles={dropped} />
                </section>
            )}
            {read.fault && <FaultNotice fault={read.fault} onRetry={read.again} />}
            {!read.value && !read.fault && <p class="loading">{fr.loading}</p>}
            {read.value && all.length === 0 && (
                <Notice tone="remark">
                    <p>{words.none}</p>
                    <p>{words.noneHelp}</p>
                </Notice>
            )}
            {all.length > 0 && (
                <>
                    <div class="tools no-print">
                        <SearchBox label={words.search} hint={words.searchHint} value={typed} onValue={setTyped} said={words.shown(shown.length, all.length)} />
                        <div class="tool-select">
                            <Select
                                id="theme"
                                label={words.theme}
                                value={theme}
                                onValue={setTheme}
                                options={[{ value: "", label: words.allThemes }, ...used.map(({ code, label }) => ({ value: code, label }))]}
                            />
                        </div>
                    </div>
                    <p class="table-note">{words.shown(shown.length, all.length)}</p>
                    {shown.length === 0 ? <p>{words.noMatch}</p> : <CapsuleTable rows={visible} today={today} />}
                    {more}
                </>
            )}
        </Page>
    );
}

function CapsuleTable(props: { rows: Row[]; today: string }) {
    const head = words.head;
    return (
        <table class="cards" role="table">
            <caption class="unseen">{words.caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {[head.capsule, head.theme, head.versions, head.length, head.lists, head.validity].map((label) => (
                        <th key={label} role="columnheader" scope="col">
                            {label}
                        </th>
                    ))}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {props.rows.map((row) => {
                    const length = durationOf(row.capsule);
                    const picture = thumbnailOf(row.capsule);
                    return (
                        <tr key={row.id} role="row">
                            <th role="rowheader" scope="row">
                                <span class="with-thumb">
                                    {picture ? <img class="thumb" src={picture} alt="" loading="lazy" /> : <span class="thumb" />}
                                    <span>
                                        <a href={`/console/capsules/modifier?id=${row.id}`} onClick={follow}>
                                            {row.title}
                                        </a>
                                        {row.capsule.code && <span class="second">{words.code(row.capsule.code)}</span>}
                                    </span>
                                </span>
                            </th>
                            <td role="cell" data-label={head.theme}>
                                {row.theme || fr.screens.nothing}
                            </td>
                            <td role="cell" data-label={head.versions}>
                                {row.languages || words.noVersion}
                            </td>
                            <td role="cell" data-label={head.length} class="nowrap">
                                {length === null ? fr.screens.nothing : span(length)}
                            </td>
                            <td role="cell" data-label={head.lists}>
                                {row.lists.length === 0 ? <span class="nothing">{words.noList}</span> : row.lists.join(", ")}
                            </td>
                            <td role="cell" data-label={head.validity}>
                                {validity(row.capsule, props.today)}
                            </td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}

function validity(capsule: CapsuleRecord, today: string): string {
    const { from, until } = capsule.valid ?? { from: null, until: null };
    if (until && until <= today) return words.over;
    if (from && from > today) return words.from(fullDay(from));
    return until ? words.until(fullDay(until)) : words.always;
}
