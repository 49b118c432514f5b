// A screen's state: shape and word first, colour last.
import type { JSX } from "preact";
import type { ScreenState } from "../api";
import { fr } from "../fr";

const shapes: Record<ScreenState, JSX.Element> = {
    online: <path d="M3.5 8.5l3 3 6-7" />,
    silent: <path d="M8 3.5v6M8 12.2v.3" />,
    never: <path d="M4 8h8" />,
};

export function StateBadge(props: { state: ScreenState }) {
    return (
        <span class={`state state-${props.state}`}>
            <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">
                {shapes[props.state]}
            </svg>
            {fr.screens.state[props.state]}
        </span>
    );
}
