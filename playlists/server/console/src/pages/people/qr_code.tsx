// Modules as a picture: rows of "0" and "1", with the quiet zone that readers need.
export function QrPicture(props: { rows: string[]; label: string }) {
    const quiet = 4;
    const size = props.rows.length + 2 * quiet;
    const path = props.rows
        .flatMap((row, y) => [...row].map((module, x) => (module === "1" ? `M${x + quiet} ${y + quiet}h1v1h-1z` : "")))
        .join("");
    return (
        <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={props.label} shape-rendering="crispEdges">
            <rect width={size} height={size} fill="#fff" />
            <path d={path} fill="#000" />
        </svg>
    );
}
