// Long lists: the first rows at once, more as one scrolls towards the end. A button does the same for who does not scroll.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { inLanguage, many } from "../language";

const step = 60;
const words = inLanguage(
    { more: (count: number) => `Afficher la suite (encore ${many(count, "ligne", "lignes")})` },
    { more: (count: number) => `Show more (${many(count, "row", "rows")} left)` },
);

// `about` changes when the list is another one: it then begins anew.
export function useGrowing<T>(list: T[], about: string): { visible: T[]; more: JSX.Element | null } {
    const [state, setState] = useState({ about, count: step });
    const count = state.about === about ? state.count : step;
    const end = useRef<HTMLParagraphElement>(null);
    const grow = () => setState({ about, count: count + step });
    const growing = useRef(grow);
    growing.current = grow;
    const left = list.length - count;
    useEffect(() => {
        if (end.current === null) return;
        const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && growing.current(), { rootMargin: "600px" });
        watch.observe(end.current);
        return () => watch.disconnect();
    }, [left > 0, count]);
    const more =
        left > 0 ? (
            <p class="more" ref={end}>
                <button type="button" class="button" onClick={grow}>
                    {words.more(left)}
                </button>
            </p>
        ) : null;
    return { visible: list.slice(0, count), more };
}
