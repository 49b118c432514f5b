// Where a file is dropped, or chosen by mouse or keyboard. One file; what it may be is the caller's to say.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

export function DropZone(props: {
    id: string;
    help: string;
    button: string;
    hint?: string;
    accept: string;
    refusal?: string | undefined;
    onFiles: (files: File[]) => void;
}): JSX.Element {
    const [over, setOver] = useState(false);
    const described = [props.hint ? `${props.id}-hint` : "", props.refusal ? `${props.id}-refusal` : ""].filter(Boolean).join(" ");
    const drop = (event: DragEvent) => {
        event.preventDefault();
        setOver(false);
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length > 0) props.onFiles(files);
    };
    return (
        <div
            class={over ? "drop drop-over" : "drop"}
            onDragOver={(event) => {
                event.preventDefault();
                setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
        >
            <p>{props.help}</p>
            <label class="button drop-button">
                {props.button}
                <input
                    id={props.id}
                    class="drop-input"
                    type="file"
                    accept={props.accept}
                    aria-describedby={described === "" ? undefined : described}
                    aria-invalid={props.refusal ? "true" : undefined}
                    onChange={(event) => {
                        const files = [...(event.currentTarget.files ?? [])];
                        event.currentTarget.value = "";
                        if (files.length > 0) props.onFiles(files);
                    }}
                />
            </label>
            {props.hint && (
                <p class="small" id={`${props.id}-hint`}>
                    {props.hint}
                </p>
            )}
            {props.refusal && (
                <p class="field-refusal" id={`${props.id}-refusal`} role="alert">
                    {props.refusal}
                </p>
            )}
        </div>
    );
}
