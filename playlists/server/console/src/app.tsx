// The frame around all pages: who is signed in, where one is, what is shown there.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce, Announcer } from "./announce";
import { api, type Role, type Session } from "./api";
import { faultOf, isSignedOut, type Fault } from "./faults";
import { fr } from "./fr";
import { language, speak } from "./language";
import { Page } from "./parts/page";
import { FaultNotice, Notice } from "./parts/notice";
import { FirstAccountPage } from "./pages/first_account";
import { words } from "./pages/people/words";
import { ScreensPage } from "./pages/screens";
import { SignInPage } from "./pages/sign_in";
import { atLeast } from "./roles";
import { follow, go, usePlace, type Place } from "./router";

export interface PageProps {
    place: Place;
    session: Session;
    onSignedOut: () => void; // the server no longer knows the session
}

// Whoever sits at a reception has one page.
const homeOf = (session: Session) => (session.role === "reception" ? "/console/message" : "/console/ecrans");
// `needs`: the least role that has the page; all when it is not said; `not`: those above it that have not. The server decides what each may do.
const pages: Record<string, { label: string; hidden?: boolean; needs?: Role; not?: Role[]; load: () => Promise<ComponentType<PageProps>> }> = {
    "/console/capsules": { label: fr.nav.capsules, needs: "evaluator", load: async () => (await import("./pages/capsules/list")).CapsulesPage },
    "/console/capsules/modifier": { label: fr.nav.capsules, hidden: true, needs: "evaluator", load: async () => (await import("./pages/capsules/edit")).CapsulePage },
    "/console/listes": { label: fr.nav.playlists, needs: "evaluator", load: async () => (await import("./pages/playlists/list")).PlaylistsPage },
    "/console/listes/modifier": { label: fr.nav.playlists, hidden: true, needs: "evaluator", load: async () => (await import("./pages/playlists/edit")).PlaylistPage },
    "/console/publier": { label: fr.nav.publish, needs: "evaluator", load: async () => (await import("./pages/publish/publish")).PublishPage },
    "/console/lieux": { label: fr.nav.places, needs: "evaluator", load: async () => (await import("./pages/places/list")).PlacesPage },
    "/console/lieux/modifier": { label: fr.nav.places, hidden: true, needs: "evaluator", load: async () => (await import("./pages/places/edit")).PlacePage },
    "/console/lieux/importer": { label: fr.nav.places, hidden: true, needs: "coordinator", load: async () => (await import("./pages/places/import")).ImportPage },
    "/console/lieux/ecran": { label: fr.nav.places, hidden: true, needs: "evaluator", load: async () => (await import("./pages/places/screen")).ScreenPage },
    "/console/ecrans": { label: fr.nav.screens, needs: "evaluator", load: async () => ScreensPage },
    "/console/ecrans/ajouter": { label: fr.enrol.title, hidden: true, needs: "coordinator", load: async () => (await import("./pages/enrol")).EnrolPage },
    "/console/semaine": { label: fr.nav.week, needs: "evaluator", load: async () => (await import("./pages/week")).WeekPage },
    "/console/message": { label: fr.nav.notice, not: ["evaluator", "contributor"], load: async () => (await import("./pages/notice/notice")).NoticePage },
    "/console/statistiques": { label: fr.nav.statistics, needs: "evaluator", load: async () => (await import("./pages/statistics")).StatisticsPage },
    "/console/propositions": {
        label: words.proposals.title,
        needs: "contributor",
        load: async () => (await import("./pages/people/proposals")).ProposalsPage,
    },
    "/console/personnes": { label: words.people.title, needs: "administrator", load: async () => (await import("./pages/people/list")).PeoplePage },
    "/console/journal": { label: words.changes.title, needs: "administrator", load: async () => (await import("./pages/people/changes")).ChangesPage },
    "/console/compte": { label: words.myAccount.title, hidden: true, load: async () => (await import("./pages/people/account")).AccountPage },
};

const secretAfter = (mark: string) => () => (location.hash.startsWith(mark) ? decodeURIComponent(location.hash.slice(mark.length)) : null);
const secretOfAddress = secretAfter("#premier-compte=");
const invitationOfAddress = secretAfter("#invitation=");

const isFor = (page: { needs?: Role; not?: Role[] }, role: Role) => (!page.needs || atLeast(role, page.needs)) && !page.not?.includes(role);

type Who = { state: "asking" } | { state: "fault"; fault: Fault } | { state: "nobody"; reason: string } | { state: "somebody"; session: Session };

export function App() {
    const place = usePlace();
    const [who, setWho] = useState<Who>({ state: "asking" });
    const [secret, setSecret] = useState(secretOfAddress);
    const [invitation, setInvitation] = useState(invitationOfAddress);
    const [Invited, setInvited] = useState<{ page: typeof import("./pages/people/invitation").InvitationPage } | null>(null);

    const ask = () => {
        setWho({ state: "asking" });
        api.session().then(
            (session) => setWho({ state: "somebody", session }),
            (error: unknown) => setWho(isSignedOut(error) ? { state: "nobody", reason: "" } : { state: "fault", fault: faultOf(error) }),
        );
    };
    useEffect(ask, []);
    useEffect(() => {
        const changed = () => {
            setSecret(secretOfAddress());
            setInvitation(invitationOfAddress());
        };
        addEventListener("hashchange", changed);
        return () => removeEventListener("hashchange", changed);
    }, []);

    useEffect(() => {
        if (invitation !== null) void import("./pages/people/invitation").then((part) => setInvited({ page: part.InvitationPage }));
    }, [invitation]);

    const enter = (session: Session, said: string) => {
        setSecret(null);
        setInvitation(null);
        setWho({ state: "somebody", session });
        if (!(place.path in pages)) go(homeOf(session), "replace");
        else if (location.hash !== "") go(location.pathname + location.search, "replace");
        announce(said);
    };
    const toSignIn = () => {
        setSecret(null);
        setInvitation(null);
        go("/console", "replace");
    };
    const leave = async () => {
        try {
            await api.signOut();
        } catch (error) {
            if (!isSignedOut(error)) {
                announce(faultOf(error).text);
                return;
            }
        }
        go("/console", "replace");
        setWho({ state: "nobody", reason: fr.signIn.signedOut });
    };
    const ended = () => setWho({ state: "nobody", reason: fr.signIn.ended });

    useEffect(() => {
        if (who.state !== "somebody" || place.path !== "/console" || invitation !== null) return;
        // Whoever is signed in needs no first account.
        setSecret(null);
        go(homeOf(who.session), "replace");
    }, [who.state, place.path, invitation]);

    let content;
    if (invitation !== null)
        content = Invited ? <Invited.page secret={invitation} onEnter={enter} onSignIn={toSignIn} /> : <p class="page loading">{fr.loading}</p>;
    else if (who.state === "asking") content = <p class="page loading">{fr.loading}</p>;
    else if (who.state === "fault")
        content = (
            <Page title={fr.product} narrow>
                <FaultNotice fault={who.fault} onRetry={ask} />
            </Page>
        );
    else if (secret !== null && who.state === "nobody")
        content = <FirstAccountPage secret={secret} onEnter={enter} onSignIn={toSignIn} />;
    else if (who.state === "nobody") content = <SignInPage reason={who.reason} onEnter={enter} />;
    else content = <Signed place={place} session={who.session} onSignedOut={ended} />;

    return (
        <>
            <a class="skip" href="#contenu" onClick={skip}>
                {fr.skip}
            </a>
            <header class="top">
                <div class="top-inside">
                    <a class="brand" href="/console" onClick={follow}>
                        <img src="/console/assets/mark.svg" alt="" width="32" height="32" />
                        <span>
                            {fr.product} <span class="brand-part">{fr.tagline}</span>
                        </span>
                    </a>
                    <LanguageButton />
                    {who.state === "somebody" && <Menu path={place.path} session={who.session} onLeave={leave} />}
                </div>
            </header>
            <main id="contenu" tabIndex={-1}>
                {content}
            </main>
            <Announcer />
        </>
    );
}

function LanguageButton() {
    const other = language === "fr" ? "en" : "fr";
    return (
        <button type="button" class="button button-quiet language no-print" lang={other} onClick={() => speak(other)}>
            {other === "en" ? "English" : "Français"}
        </button>
    );
}

// The router leaves the fragment alone: the skip link moves the focus by hand.
function skip(event: MouseEvent): void {
    event.preventDefault();
    document.getElementById("contenu")?.focus();
}

function Menu(props: { path: string; session: Session; onLeave: () => void }) {
    // On a narrow window the pages stand behind a button.
    const [open, setOpen] = useState(false);
    useEffect(() => setOpen(false), [props.path]);
    return (
        <>
            <div class="who">
                <a class="who-name" href="/console/compte" onClick={follow} aria-current={props.path === "/console/compte" ? "page" : undefined}>
                    <span class="unseen">{words.myAccount.title} – </span>
                    {fr.account.signedInAs(props.session.login)} <span class="who-role">({fr.account.roles[props.session.role] ?? props.session.role})</span>
                </a>
                <button type="button" class="button button-quiet" onClick={props.onLeave}>
                    {fr.account.signOut}
                </button>
            </div>
            <nav aria-label={fr.nav.label}>
                <button type="button" class="button menu-button" aria-expanded={open} aria-controls="menu" onClick={() => setOpen(!open)}>
                    {fr.nav.menu}
                </button>
                <ul class={open ? "menu menu-open" : "menu"} id="menu">
                    {Object.entries(pages)
                        .filter(([, page]) => !page.hidden && isFor(page, props.session.role))
                        .map(([path, page]) => (
                            <li key={path}>
                                <a href={path} onClick={follow} aria-current={props.path === path ? "page" : props.path.startsWith(path + "/") ? "true" : undefined}>
                                    {page.label}
                                </a>
                            </li>
                        ))}
                </ul>
            </nav>
        </>
    );
}

function Signed(props: PageProps) {
    const entry = pages[props.place.path];
    const [loaded, setLoaded] = useState<{ path: string; page: ComponentType<PageProps> } | null>(null);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
        let current = true;
        setFailed(false);
        if (entry && isFor(entry, props.session.role)) entry.load().then(
            (page) => current && setLoaded({ path: props.place.path, page }),
            () => current && setFailed(true),
        );
        return () => {
            current = false;
        };
    }, [props.place.path]);
    if (props.place.path === "/console") return null;
    if (!entry)
        return (
            <Page title={fr.notFound.title} narrow>
                <p>{fr.notFound.body}</p>
                <p>
                    <a href={homeOf(props.session)} onClick={follow}>
                        {fr.notFound.back}
                    </a>
                </p>
            </Page>
        );
    if (!isFor(entry, props.session.role))
        return (
            <Page title={entry.label} narrow>
                <Notice tone="remark">
                    <p>{fr.notFound.notYours(fr.account.roles[props.session.role] ?? props.session.role)}</p>
                    <p>
                        <a href={homeOf(props.session)} onClick={follow}>
                            {fr.notFound.back}
                        </a>
                    </p>
                </Notice>
            </Page>
        );
    if (failed)
        return (
            <Page title={entry.label} narrow>
                <FaultNotice fault={{ text: fr.fault.unreachable, detail: "" }} onRetry={() => location.reload()} />
            </Page>
        );
    if (loaded?.path !== props.place.path) return <p class="page loading">{fr.loading}</p>;
    const Shown = loaded.page;
    return <Shown {...props} />;
}
