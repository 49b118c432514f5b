// An ordered list whose rows are moved by dragging their handle, or by the arrow keys on it. The order is the caller's.
import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { announce } from "../announce";
import { inLanguage } from "../language";

const words = inLanguage(
    {
        handle: (name: string, at: number, of: number) =>
            `Déplacer «\u00a0${name}\u00a0», position ${at} sur ${of}. Flèches haut et bas pour changer de place.`,
        moved: (name: string, at: number, of: number) => `«\u00a0${name}\u00a0»\u00a0: position ${at} sur ${of}.`,
    },
    {
        handle: (name: string, at: number, of: number) => `Move “${name}”, position ${at} of ${of}. Use the up and down arrow keys.`,
        moved: (name: string, at: number, of: number) => `“${name}”: position ${at} of ${of}.`,
    },
);

export function moved<T>(list: T[], from: number, to: number): T[] {
    const next = [...list];
    const [one] = next.splice(from, 1);
    if (one !== undefined) next.splice(to, 0, one);
    return next;
}

export function Sortable<T>(props: {
    label: string;
    rows: T[];
    keyOf: (row: T) => string | number;
    nameOf: (row: T) => string;
    onMove: (from: number, to: number) => void;
    render: (row: T, index: number) => ComponentChildren;
}): JSX.Element {
    const list = useRef<HTMLOListElement>(null);
    const [dragged, setDragged] = useState<string | number | null>(null);
    const { rows, keyOf, nameOf } = props;

    const move = (from: number, to: number) => {
        const row = rows[from];
        if (row === undefined || to < 0 || to >= rows.length || to === from) return;
        props.onMove(from, to);
        announce(words.moved(nameOf(row), to + 1, rows.length));
    };
    const keyed = (event: KeyboardEvent, index: number) => {
        const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: rows.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        const handle = event.currentTarget as HTMLElement;
        move(index, to);
        // The row keeps its element, but a browser may drop the focus of what it moves.
        requestAnimationFrame(() => handle.focus());
    };
    // The row under the pointer: the first whose middle lies below it, counted without the one that is dragged.
    const dragOver = (event: PointerEvent) => {
        if (dragged === null || list.current === null) return;
        const from = rows.findIndex((row) => keyOf(row) === dragged);
        const others = [...list.current.children].filter((_, index) => index !== from);
        const below = others.findIndex((element) => {
            const box = element.getBoundingClientRect();
            return event.clientY < box.top + box.height / 2;
        });
        const to = below < 0 ? others.length : below;
        if (from >= 0 && to !== from) props.onMove(from, to);
    };
    const drop = () => {
        if (dragged === null) return;
        const at = rows.findIndex((row) => keyOf(row) === dragged);
        const row = rows[at];
        setDragged(null);
        if (row !== undefined) announce(words.moved(nameOf(row), at + 1, rows.length));
    };

    return (
        <ol class="sortable" aria-label={props.label} ref={list}>
            {rows.map((row, index) => (
                <li key={keyOf(row)} class={dragged === keyOf(row) ? "sortable-row sortable-dragged" : "sortable-row"}>
                    <button
                        type="button"
                        class="handle"
                        aria-label={words.handle(nameOf(row), index + 1, rows.length)}
                        onKeyDown={(event) => keyed(event, index)}
                        onPointerDown={(event) => {
                            event.currentTarget.setPointerCapture(event.pointerId);
                            setDragged(keyOf(row));
                        }}
                        onPointerMove={dragOver}
                        onPointerUp={drop}
                        onPointerCancel={drop}
                    >
                        <svg viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
                            <path d="M5 2h2v2H5zM9 2h2v2H9zM5 7h2v2H5zM9 7h2v2H9zM5 12h2v2H5zM9 12h2v2H9z" />
                        </svg>
                    </button>
                    {props.render(row, index)}
                </li>
            ))}
        </ol>
    );
}
