// A message in the page: a refusal is read out at once, a remark waits its turn.
import type { ComponentChildren } from "preact";
import type { Fault } from "../faults";
import { fr } from "../fr";

export function Notice(props: { tone: "refusal" | "remark" | "success"; children: ComponentChildren }) {
    return (
        <div class={`notice notice-${props.tone}`} role={props.tone === "refusal" ? "alert" : "status"}>
            <svg class="notice-mark" viewBox="0 0 20 20" aria-hidden="true">
                <circle cx="10" cy="10" r="9" fill="currentColor" />
                <path
                    d={props.tone === "success" ? "M5.5 10.5l3 3 6-6.5" : "M10 5v6.5M10 14.2v1"}
                    fill="none"
                    stroke="#fff"
                    stroke-width="2"
                    stroke-linecap="round"
                />
            </svg>
            <div>{props.children}</div>
        </div>
    );
}

export function FaultNotice(props: { fault: Fault; onRetry?: () => void; note?: string }) {
    return (
        <Notice tone="refusal">
            <p>{props.fault.text}</p>
            {props.note && <p>{props.note}</p>}
            {props.fault.detail !== "" && (
                <details>
                    <summary>{fr.technical}</summary>
                    <code lang="en">{props.fault.detail}</code>
                </details>
            )}
            {props.onRetry && (
                <button type="button" class="button" onClick={props.onRetry}>
                    {fr.retry}
                </button>
            )}
        </Notice>
    );
}
