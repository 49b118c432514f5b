// The one polite live region: what has just happened, for people who do not see it happen.
import { useEffect, useState } from "preact/hooks";

const said = new EventTarget();

export function announce(text: string): void {
    said.dispatchEvent(new CustomEvent("said", { detail: text }));
}

export function Announcer() {
    const [text, setText] = useState("");
    useEffect(() => {
        const say = (event: Event) => setText((event as CustomEvent<string>).detail);
        said.addEventListener("said", say);
        return () => said.removeEventListener("said", say);
    }, []);
    return (
        <div class="aside-voice" role="status" aria-live="polite">
            {text}
        </div>
    );
}
