// A version as the screen will show it, with captions that may not be kept yet.
import { useEffect, useRef } from "preact/hooks";
import type { Ref } from "preact";
import type { Cue } from "../../captions";
import type { VersionRecord } from "../../records";
import { words } from "./words";

export function Player(props: { version: VersionRecord; cues: Cue[]; video?: Ref<HTMLVideoElement> }) {
    const own = useRef<HTMLVideoElement | null>(null);
    const track = useRef<TextTrack | null>(null);
    const { version } = props;
    const label = words.preview(words.language(version.language));
    useEffect(() => {
        const video = own.current;
        if (video === null) return;
        track.current ??= video.addTextTrack("captions", words.captions, version.language);
        const shown = track.current;
        shown.mode = "showing";
        for (const cue of [...(shown.cues ?? [])]) shown.removeCue(cue);
        for (const cue of props.cues) if (cue.to > cue.from) shown.addCue(new VTTCue(cue.from / 1000, cue.to / 1000, cue.text));
    }, [props.cues]);
    if (version.type.startsWith("image/")) return <img class="preview" src={`/blobs/${version.sha256}`} alt={label} />;
    return (
        <video
            ref={(element) => {
                own.current = element;
                if (props.video && typeof props.video === "object") props.video.current = element;
            }}
            class="preview"
            src={`/blobs/${version.sha256}`}
            poster={version.thumbnail ? `/blobs/${version.thumbnail.sha256}` : undefined}
            controls
            preload="metadata"
            playsInline
            aria-label={label}
        />
    );
}
