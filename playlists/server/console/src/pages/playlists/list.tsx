// All playlists: what each holds, how long a round lasts, where it plays.
import { useMemo, useState } from "preact/hooks";
import type { PageProps } from "../../app";
import { catalogue } from "../../catalogue";
import { span } from "../../format";
import { fr } from "../../fr";
import { useGrowing } from "../../parts/growing";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { SearchBox } from "../../parts/search_box";
import { useRead } from "../../read";
import { atLeast } from "../../roles";
import { follow } from "../../router";
import { compare, fits, plain, wordsOf } from "../../search";
import { whereWords } from "./places";
import { roundOf } from "./round";
import { words } from "./words";

export function PlaylistsPage(props: PageProps) {
    const [typed, setTyped] = useState("");
    const read = useRead(async (signal) => {
        const [playlists, capsules, schedules, sites] = await Promise.all([
            catalogue.playlists(signal), catalogue.capsules(signal), catalogue.schedules(signal), catalogue.sites(signal),
        ]);
        return Object.entries(playlists)
            .map(([id, playlist]) => ({
                id,
                title: playlist.title || id,
                capsules: playlist.items.length,
                round: roundOf(playlist, capsules, playlists),
                where: whereWords(Object.values(schedules).filter((schedule) => schedule.playlist === id), sites),
            }))
            .sort((a, b) => compare(a.title, b.title));
    }, props.onSignedOut);
    const all = read.value ?? [];
    const shown = useMemo(() => all.filter((one) => fits(plain(`${one.title} ${one.id}`), wordsOf(typed))), [read.value, typed]);
    const { visible, more } = useGrowing(shown, typed);
    const head = words.head;

    return (
        <Page title={words.title} intro={words.intro}>
            {atLeast(props.session.role, "coordinator") && (
                <p class="actions">
                    <a class="button button-main" href="/console/listes/modifier" onClick={follow}>
                        {words.create}
                    </a>
                </p>
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
                    {all.length > 5 && <SearchBox label={words.search} value={typed} onValue={setTyped} said={words.shown(shown.length, all.length)} />}
                    <p class="table-note">{words.shown(shown.length, all.length)}</p>
                    {shown.length === 0 && <p>{words.noMatch}</p>}
                    {shown.length > 0 && (
                        <table class="cards" role="table">
                            <caption class="unseen">{words.caption}</caption>
                            <thead role="rowgroup">
                                <tr role="row">
                                    {[head.list, head.capsules, head.turn, head.where].map((label) => (
                                        <th key={label} role="columnheader" scope="col">
                                            {label}
                                        </th>
                                    ))}
                                </tr>
                            </thead>
                            <tbody role="rowgroup">
                                {visible.map((one) => (
                                    <tr key={one.id} role="row">
                                        <th role="rowheader" scope="row">
                                            <a href={`/console/listes/modifier?id=${one.id}`} onClick={follow}>
                                                {one.title}
                                            </a>
                                        </th>
                                        <td role="cell" data-label={head.capsules}>
                                            {words.capsules(one.capsules)}
                                        </td>
                                        <td role="cell" data-label={head.turn}>
                                            {span(one.round)}
                                        </td>
                                        <td role="cell" data-label={head.where}>
                                            {one.where}
                                        </td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    )}
                    {more}
                </>
            )}
        </Page>
    );
}
