// What differs between two states of an object, member by member.
import { words } from "./words";

interface Difference {
    name: string;
    before: string;
    after: string;
}

type Members = Record<string, unknown>;

// A list of capsules, of words; what has no words of its own is shown as it is kept.
function shown(value: unknown): string {
    if (value === undefined || value === null || value === "") return words.changes.nothing;
    if (typeof value === "boolean") return value ? words.changes.yes : words.changes.no;
    if (Array.isArray(value)) return value.length === 0 ? words.changes.nothing : value.map(one).join(", ");
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function one(value: unknown): string {
    if (typeof value !== "object" || value === null) return String(value);
    const { capsule, weight, ...rest } = value as { capsule?: unknown; weight?: unknown };
    if (typeof capsule !== "string" || Object.keys(rest).length > 0) return JSON.stringify(value);
    return typeof weight === "number" && weight !== 1 ? `${capsule} (${weight})` : capsule;
}

export function membersOf(text: string | null): Members {
    try {
        const value: unknown = text === null ? {} : JSON.parse(text);
        return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : { "": value };
    } catch {
        return { "": text };
    }
}

export const differencesOf = (before: Members, after: Members): Difference[] =>
    [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .sort()
        .map((name) => ({ name, before: shown(before[name]), after: shown(after[name]) }))
        .filter((one) => one.before !== one.after);

export function Differences(props: { before: Members; after: Members; of: string }) {
    const found = differencesOf(props.before, props.after);
    if (found.length === 0) return null;
    return (
        <details>
            <summary>
                {words.changes.show}
                <span class="unseen"> – {props.of}</span>
            </summary>
            <table class="differences">
                <thead>
                    <tr>
                        <th scope="col">{words.changes.field}</th>
                        <th scope="col">{words.changes.before}</th>
                        <th scope="col">{words.changes.after}</th>
                    </tr>
                </thead>
                <tbody>
                    {found.map((one) => (
                        <tr key={one.name}>
                            <th scope="row">{words.changes.fields[one.name] ?? one.name}</th>
                            <td>{one.before}</td>
                            <td>{one.after}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </details>
    );
}
