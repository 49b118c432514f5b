// A new machine gets its screen: the code that it shows, the site, and which screen it is to be.
import { useEffect, useState } from "preact/hooks";
import { api, ApiError, type Accepted, type ScreenStatus, type SiteRecord } from "../api";
import type { PageProps } from "../app";
import { faultOf, isSignedOut, type Fault } from "../faults";
import { fr } from "../fr";
import { Field, focusFirst } from "../parts/field";
import { Form, useForm, type Refusals } from "../parts/form";
import { FaultNotice, Notice } from "../parts/notice";
import { Page } from "../parts/page";
import { Select } from "../parts/select";
import { follow } from "../router";
import { compare } from "../search";

type Fields = "code" | "site" | "name";

const isNew = "";
const bare = (code: string) => code.replace(/[\s-]/g, "");

export function EnrolPage(props: PageProps) {
    const [sites, setSites] = useState<Record<string, SiteRecord> | null>(null);
    const [screens, setScreens] = useState<ScreenStatus[]>([]);
    const [code, setCode] = useState("");
    const [site, setSite] = useState("");
    const [screen, setScreen] = useState(isNew);
    const [name, setName] = useState("");
    const form = useForm<Fields>();
    const [unread, setUnread] = useState<Fault | null>(null);
    const [served, setServed] = useState(false); // by another machine: asked again before that one is sent away
    const [done, setDone] = useState<(Accepted & { label: string }) | null>(null);

    const read = () => {
        setUnread(null);
        Promise.all([api.sites(), api.screens()]).then(
            ([known, list]) => {
                setSites(known);
                setScreens(list);
            },
            (error: unknown) => (isSignedOut(error) ? props.onSignedOut() : setUnread(faultOf(error))),
        );
    };
    useEffect(read, []);

    const here = screens.filter((one) => one.site === site).sort((a, b) => compare(a.name, b.name));
    const choose = (id: string) => {
        setScreen(id);
        setServed(false);
    };

    const refusals = (): Refusals<Fields> => {
        const found: Refusals<Fields> = {};
        if (bare(code) === "") found.code = fr.enrol.codeMissing;
        else if (bare(code).length !== 8) found.code = fr.enrol.codeShape(bare(code).length);
        if (site === "") found.site = fr.enrol.siteMissing;
        if (site !== "" && screen === isNew && name.trim() === "") found.name = fr.enrol.nameMissing;
        return found;
    };
    const enrol = async (replace: boolean) => {
        const which = screen === isNew ? { site, name: name.trim() } : { screen };
        const accepted = await api.enrol({ code: bare(code), replace, ...which });
        const label = screen === isNew ? name.trim() : (here.find((one) => one.id === screen)?.name ?? screen);
        setDone({ ...accepted, label: `${sites?.[site]?.name ?? site} – ${label}` });
    };
    const failed = (error: unknown): Fault | null => {
        const status = error instanceof ApiError ? error.status : -1;
        if (isSignedOut(error)) props.onSignedOut();
        else if (status === 404) form.refuse({ code: fr.enrol.codeUnknown });
        else if (status === 429) return { text: fr.enrol.tooMany, detail: "" };
        else if (status === 409) setServed(true);
        else return faultOf(error);
        return null;
    };
    const send = (replace: boolean) => {
        setServed(false);
        void form.send(refusals(), () => enrol(replace), failed);
    };
    const another = () => {
        setDone(null);
        setCode("");
        setName("");
        choose(isNew);
        read();
        focusFirst(["code"]);
    };

    if (done)
        return (
            <Page title={fr.enrol.title} narrow>
                <Notice tone="success">
                    <p>{fr.enrol.done(done.label)}</p>
                    <p>{fr.enrol.doneHelp}</p>
                </Notice>
                <p class="actions">
                    <a class="button button-main" href="/console/ecrans" onClick={follow}>
                        {fr.enrol.toScreens}
                    </a>
                    <button type="button" class="button" onClick={another}>
                        {fr.enrol.another}
                    </button>
                </p>
            </Page>
        );
    return (
        <Page title={fr.enrol.title} intro={fr.enrol.intro} narrow>
            {unread && <FaultNotice fault={unread} onRetry={read} />}
            {form.fault && <FaultNotice fault={form.fault} />}
            {!sites && !unread && <p class="loading">{fr.loading}</p>}
            {sites && Object.keys(sites).length === 0 && (
                <Notice tone="remark">
                    <p>{fr.enrol.noSite}</p>
                </Notice>
            )}
            {sites && Object.keys(sites).length > 0 && (
                <Form busy={form.busy} submit={fr.enrol.submit} busyText={fr.enrol.busy} onSubmit={() => send(false)}>
                    <Field id="code" label={fr.enrol.code} hint={fr.enrol.codeHint} value={code} onValue={setCode} refusal={form.refusals.code} />
                    <Select
                        id="site"
                        label={fr.enrol.site}
                        value={site}
                        onValue={(value) => {
                            setSite(value);
                            choose(isNew);
                        }}
                        refusal={form.refusals.site}
                        options={[
                            { value: "", label: fr.enrol.choose },
                            ...Object.entries(sites)
                                .map(([id, record]) => ({ value: id, label: record.name }))
                                .sort((a, b) => compare(a.label, b.label)),
                        ]}
                    />
                    {site !== "" && here.length > 0 && (
                        <Select
                            id="screen"
                            label={fr.enrol.screen}
                            value={screen}
                            onValue={choose}
                            options={[
                                { value: isNew, label: fr.enrol.newScreen },
                                ...here.map((one) => ({ value: one.id, label: one.device === null ? one.name : fr.enrol.servedOption(one.name) })),
                            ]}
                        />
                    )}
                    {screen === isNew && (
                        <Field id="name" label={fr.enrol.name} hint={fr.enrol.nameHint} value={name} onValue={setName} refusal={form.refusals.name} />
                    )}
                    {served && (
                        <Notice tone="refusal">
                            <p>{fr.enrol.served}</p>
                            <button type="button" class="button" onClick={() => send(true)}>
                                {fr.enrol.replace}
                            </button>
                        </Notice>
                    )}
                </Form>
            )}
        </Page>
    );
}
