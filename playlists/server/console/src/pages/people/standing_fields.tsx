// Role, territory, site: what somebody is, chosen in a form.
import type { JSX } from "preact";
import type { Role, SiteRecord } from "../../api";
import type { Standing } from "./api";
import { communeName } from "../../communes";
import { epts } from "./territory";
import type { Refusals } from "../../parts/form";
import { Select } from "../../parts/select";
import { words } from "./words";

export interface Choice {
    role: Role | "";
    everywhere: boolean;
    epts: string[];
    communes: string[];
    site: string;
}

export const noChoice: Choice = { role: "", everywhere: false, epts: [], communes: [], site: "" };

export const choiceOf = (standing: Standing): Choice => ({
    role: standing.role,
    everywhere: standing.territory === null,
    epts: standing.territory?.epts ?? [],
    communes: standing.territory?.communes ?? [],
    site: standing.site ?? "",
});

const hasTerritory = (role: string) => role === "coordinator" || role === "contributor";

export function refusalsOfChoice(choice: Choice): Refusals<"role" | "territory" | "site"> {
    return {
        ...(choice.role === "" && { role: words.people.roleMissing }),
        ...(hasTerritory(choice.role) && !choice.everywhere && choice.epts.length + choice.communes.length === 0 && { territory: words.people.territoryMissing }),
        ...(choice.role === "reception" && choice.site === "" && { site: words.people.siteMissing }),
    };
}

export function standingOf(choice: Choice): Standing {
    return {
        role: choice.role as Role,
        territory: hasTerritory(choice.role) && !choice.everywhere ? { epts: choice.epts, communes: choice.communes } : null,
        site: choice.role === "reception" ? choice.site : null,
    };
}

const roles: Role[] = ["reception", "contributor", "coordinator", "evaluator", "administrator"];
const toggled = (list: string[], value: string) => (list.includes(value) ? list.filter((one) => one !== value) : [...list, value].sort());

export function StandingFields(props: {
    choice: Choice;
    onChoice: (choice: Choice) => void;
    sites: Record<string, SiteRecord>;
    refusals: Refusals<"role" | "territory" | "site">;
}): JSX.Element {
    const { choice, refusals } = props;
    const set = (part: Partial<Choice>) => props.onChoice({ ...choice, ...part });
    const sites = Object.entries(props.sites).sort(([, a], [, b]) => a.name.localeCompare(b.name, "fr"));
    return (
        <>
            <div class="field-group">
                <Select
                    id="role"
                    label={words.people.role}
                    value={choice.role}
                    onValue={(role) => set({ role: role as Role | "" })}
                    options={[{ value: "", label: words.people.choose }, ...roles.map((role) => ({ value: role, label: words.people.roles[role] }))]}
                    refusal={refusals.role}
                />
                {choice.role !== "" && <p class="field-hint">{words.people.roleHelp[choice.role]}</p>}
            </div>
            {hasTerritory(choice.role) && (
                <fieldset class={refusals.territory ? "field field-refused" : "field"} aria-describedby={refusals.territory ? "territory-refusal" : undefined}>
                    <legend>{words.people.territory}</legend>
                    <label class="choice">
                        <input type="radio" name="territory" id="territory" checked={choice.everywhere} onChange={() => set({ everywhere: true })} />
                        {words.people.territoryAll}
                    </label>
                    <label class="choice">
                        <input type="radio" name="territory" checked={!choice.everywhere} onChange={() => set({ everywhere: false })} />
                        {words.people.territorySome}
                    </label>
                    {!choice.everywhere && (
                        <div class="choices">
                            {epts.map((ept) => (
                                <div key={ept.code} class="choices-group">
                                    <label class="choice choice-strong">
                                        <input type="checkbox" checked={choice.epts.includes(ept.code)} onChange={() => set({ epts: toggled(choice.epts, ept.code) })} />
                                        {ept.name}
                                    </label>
                                    {!choice.epts.includes(ept.code) && (
                                        <details>
                                            <summary>
                                                {words.people.communes}
                                                <span class="unseen"> – {ept.name}</span>
                                                {ept.communes.some((commune) => choice.communes.includes(commune)) &&
                                                    ` (${ept.communes.filter((commune) => choice.communes.includes(commune)).length})`}
                                            </summary>
                                            <div class="choices-columns">
                                                {ept.communes.map((commune) => (
                                                    <label key={commune} class="choice">
                                                        <input
                                                            type="checkbox"
                                                            checked={choice.communes.includes(commune)}
                                                            onChange={() => set({ communes: toggled(choice.communes, commune) })}
                                                        />
                                                        {communeName(commune)}
                                                    </label>
                                                ))}
                                            </div>
                                        </details>
                                    )}
                                </div>
                            ))}
                        </div>
                    )}
                    {refusals.territory && (
                        <p class="field-refusal" id="territory-refusal">
                            {refusals.territory}
                        </p>
                    )}
                </fieldset>
            )}
            {choice.role === "reception" &&
                (sites.length === 0 ? (
                    <p>{words.people.noSite}</p>
                ) : (
                    <Select
                        id="site"
                        label={words.people.site}
                        value={choice.site}
                        onValue={(site) => set({ site })}
                        options={[{ value: "", label: words.people.choose }, ...sites.map(([id, site]) => ({ value: id, label: site.name }))]}
                        refusal={refusals.site}
                    />
                ))}
        </>
    );
}
