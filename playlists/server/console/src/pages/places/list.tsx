// All places, found by any of their words.
import { useMemo, useState } from "preact/hooks";
import { api, type ScreenStatus } from "../../api";
import type { PageProps } from "../../app";
import { communeName } from "../../communes";
import { fr } from "../../fr";
import { useGrowing } from "../../parts/growing";
import { FaultNotice, Notice } from "../../parts/notice";
import { Page } from "../../parts/page";
import { SearchBox } from "../../parts/search_box";
import { StateBadge } from "../../parts/state_badge";
import { places } from "../../places";
import { useRead } from "../../read";
import { atLeast } from "../../roles";
import { follow } from "../../router";
import { compare, fits, plain, wordsOf } from "../../search";
import { eptName, labelIn, placeTypes } from "../../vocabulary";
import { hoursWords } from "./hours_form";
import { words } from "./words";

export function PlacesPage(props: PageProps) {
    const [typed, setTyped] = useState("");
    const read = useRead(async (signal) => {
        const [sites, screens] = await Promise.all([places.sites(signal), api.screens(signal)]);
        const at = new Map<string, ScreenStatus[]>();
        for (const screen of screens) at.set(screen.site, [...(at.get(screen.site) ?? []), screen]);
        return Object.entries(sites)
            .map(([id, site]) => {
                const type = labelIn(placeTypes, site.type);
                const commune = communeName(site.commune ?? null);
                const territory = eptName(site.ept);
                return { id, site, type, commune, territory, hours: hoursWords(site.hours), screens: at.get(id) ?? [], text: plain(`${site.name} ${id} ${type} ${commune} ${site.commune} ${territory}`) };
            })
            .sort((a, b) => compare(a.site.name, b.site.name));
    }, props.onSignedOut);
    const all = read.value ?? [];
    const shown = useMemo(() => all.filter((row) => fits(row.text, wordsOf(typed))), [read.value, typed]);
    const { visible, more } = useGrowing(shown, typed);
    const head = words.head;
    return (
        <Page title={words.title} intro={words.intro}>
            {atLeast(props.session.role, "coordinator") && (
                <p class="actions no-print">
                    <a class="button button-main" href="/console/lieux/modifier" onClick={follow}>
                        {words.add}
                    </a>
                    {atLeast(props.session.role, "administrator") && (
                        <a class="button" href="/console/lieux/importer" onClick={follow}>
                            {words.import}
                        </a>
                    )}
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
                    <div class="tools no-print">
                        <SearchBox label={words.search} hint={words.searchHint} value={typed} onValue={setTyped} said={words.shown(shown.length, all.length)} />
                    </div>
                    <p class="table-note">{words.shown(shown.length, all.length)}</p>
                    {shown.length === 0 ? (
                        <p>{words.noMatch}</p>
                    ) : (
                        <table class="cards" role="table">
                            <caption class="unseen">{words.caption}</caption>
                            <thead role="rowgroup">
                                <tr role="row">
                                    {[head.place, head.type, head.commune, head.territory, head.hours, head.screens].map((label) => (
                                        <th key={label} role="columnheader" scope="col">
                                            {label}
                                        </th>
                                    ))}
                                </tr>
                            </thead>
                            <tbody role="rowgroup">
                                {visible.map((row) => (
                                    <tr key={row.id} role="row">
                                        <th role="rowheader" scope="row">
                                            <a href={`/console/lieux/modifier?id=${row.id}`} onClick={follow}>
                                                {row.site.name}
                                            </a>
                                        </th>
                                        <td role="cell" data-label={head.type}>
                                            {row.type || fr.screens.nothing}
                                        </td>
                                        <td role="cell" data-label={head.commune}>
                                            {row.commune || fr.screens.nothing}
                                        </td>
                                        <td role="cell" data-label={head.territory}>
                                            {row.territory || fr.screens.nothing}
                                        </td>
                                        <td role="cell" data-label={head.hours}>
                                            {row.hours}
                                        </td>
                                        <td role="cell" data-label={head.screens}>
                                            {row.screens.length === 0 ? (
                                                <span class="nothing">{words.noScreen}</span>
                                            ) : (
                                                <span>
                                                    {row.screens.map((screen) => (
                                                        <span key={screen.id} class="screen-line">
                                                            <a href={`/console/lieux/ecran?id=${screen.id}`} onClick={follow}>
                                                                {screen.name}
                                                            </a>{" "}
                                                            <StateBadge state={screen.state} />
                                                        </span>
                                                    ))}
                                                </span>
                                            )}
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
