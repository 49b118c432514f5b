// What differs between two states of an object, member by member.
import { words } from "./words";

interface Difference {
    name: string;
    before: string;
    after: string;
}

type Members = Record<string, unknown>;

const shown = (value: unknown): string =>
    value === undefined || value === null ? words.changes.nothing : typeof value === "string" ? value : JSON.stringify(value);

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
                            <th scope="row">{one.name}</th>
                            <td>{one.before}</td>
                            <td>{one.after}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </details>
    );
}
