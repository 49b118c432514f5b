// On what grounds a capsule may be shown: who is seen, who is heard, which music, where the papers are.
import { isDate } from "../../dates";
import { Choices } from "../../parts/choices";
import { Field } from "../../parts/field";
import type { Refusals } from "../../parts/form";
import { words } from "./words";

export interface Rights {
    persons: "" | "none" | "consent";
    voice: "" | "none" | "consent" | "synthetic";
    music: "" | "none" | "licence" | "society";
    proof: string;
    until: string;
}

export type RightsFields = "persons" | "voice" | "music" | "proof" | "rights-until";

const oneOf = <T extends string>(value: unknown, known: T[]): T | "" => (known.includes(value as T) ? (value as T) : "");

export const rightsOf = (record: Record<string, unknown> | undefined): Rights => ({
    persons: oneOf(record?.["persons"], ["none", "consent"]),
    voice: oneOf(record?.["voice"], ["none", "consent", "synthetic"]),
    music: oneOf(record?.["music"], ["none", "licence", "society"]),
    proof: typeof record?.["proof"] === "string" ? record["proof"] : "",
    until: typeof record?.["until"] === "string" ? record["until"] : "",
});

// Papers are asked for where somebody else has a right.
const needsProof = (rights: Rights) => rights.persons === "consent" || rights.voice === "consent" || rights.music === "licence" || rights.music === "society";

export function rightsRefusals(rights: Rights): Refusals<RightsFields> {
    const found: Refusals<RightsFields> = {};
    if (rights.persons === "") found.persons = words.personsMissing;
    if (rights.voice === "") found.voice = words.voiceMissing;
    if (rights.music === "") found.music = words.musicMissing;
    if (needsProof(rights) && rights.proof.trim() === "") found.proof = words.proofMissing;
    if (rights.until !== "" && !isDate(rights.until)) found["rights-until"] = words.dateShape;
    return found;
}

export const rightsRecord = (rights: Rights): Record<string, string> =>
    Object.fromEntries(Object.entries({ ...rights, proof: rights.proof.trim() }).filter(([, value]) => value !== ""));

export function RightsForm(props: { rights: Rights; refusals: Refusals<RightsFields>; onRights: (next: Rights) => void }) {
    const { rights, refusals } = props;
    const set = (fields: Partial<Rights>) => props.onRights({ ...rights, ...fields });
    const nothing = rights.persons === "none" && rights.voice === "none" && rights.music === "none";
    return (
        <>
            <p class="small">{words.rightsHelp}</p>
            <p>
                <button type="button" class="button" aria-pressed={nothing} onClick={() => set({ persons: "none", voice: "none", music: "none" })}>
                    {words.rightsNothing}
                </button>
            </p>
            <Choices
                name="persons"
                legend={words.persons}
                value={rights.persons}
                refusal={refusals.persons}
                onValue={(persons) => set({ persons })}
                choices={[
                    { value: "none", label: words.personsNone },
                    { value: "consent", label: words.personsConsent },
                ]}
            />
            <Choices
                name="voice"
                legend={words.voice}
                value={rights.voice}
                refusal={refusals.voice}
                onValue={(voice) => set({ voice })}
                choices={[
                    { value: "none", label: words.voiceNone },
                    { value: "consent", label: words.voiceConsent },
                    { value: "synthetic", label: words.voiceSynthetic },
                ]}
            />
            <Choices
                name="music"
                legend={words.music}
                value={rights.music}
                refusal={refusals.music}
                onValue={(music) => set({ music })}
                choices={[
                    { value: "none", label: words.musicNone },
                    { value: "licence", label: words.musicLicence },
                    { value: "society", label: words.musicSociety },
                ]}
            />
            {(needsProof(rights) || rights.proof !== "") && (
                <Field id="proof" label={words.proof} value={rights.proof} onValue={(proof) => set({ proof })} refusal={refusals.proof} />
            )}
            <div class="pair">
                <Field id="rights-until" type="date" optional label={words.rightsUntil} value={rights.until} onValue={(until) => set({ until })} refusal={refusals["rights-until"]} />
            </div>
        </>
    );
}
