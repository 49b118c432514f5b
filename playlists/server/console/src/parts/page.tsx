// A page's frame: its title in the window and as heading, which takes the focus when one arrives by a link inside the console.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { fr } from "../fr";

let arrivals = 0;

export function Page(props: { title: string; intro?: ComponentChildren; narrow?: boolean; children: ComponentChildren }) {
    const heading = useRef<HTMLHeadingElement>(null);
    useLayoutEffect(() => {
        document.title = `${props.title} – ${fr.product}`;
        // The first page of all starts at the top of the document, as any page does.
        if (arrivals++ > 0) heading.current?.focus();
    }, [props.title]);
    return (
        <div class={props.narrow ? "page page-narrow" : "page"}>
            <h1 tabIndex={-1} ref={heading}>
                {props.title}
            </h1>
            {props.intro && <p class="intro">{props.intro}</p>}
            {props.children}
        </div>
    );
}
