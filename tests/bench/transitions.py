#!/usr/bin/env python3
"""transitions.py [--player FILE] [--transitions N] [--rate FPS] [FILE…]

Plays short clips in a loop without a window and reads the frames log: the time from the last frame of an item to the first of the
next, as the player itself writes it. Without FILEs, six mixed clips are made (sizes, rates, codecs). Prints one line of JSON and
exits 1 when a gap is longer than two frame periods, a frame is missing or a fallback frame was shown."""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIPS = [("a.mp4", "testsrc2=size=1280x720:rate={r}:duration=2", ["-c:v", "libx264", "-preset", "veryfast"]),
         ("b.mp4", "smptebars=size=1920x1080:rate={r}:duration=1", ["-c:v", "libx264", "-preset", "veryfast"]),
         ("c.webm", "testsrc=size=640x360:rate={r}:duration=1.5", ["-c:v", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime"]),
         ("d.mp4", "testsrc2=size=720x1280:rate={r}:duration=1", ["-c:v", "libx264", "-preset", "veryfast"]),
         ("e.mp4", "mandelbrot=size=854x480:rate={r}", ["-t", "2", "-c:v", "libx264", "-preset", "veryfast"]),
         ("f.mkv", "testsrc2=size=960x540:rate={r}:duration=1", ["-c:v", "mpeg4", "-q:v", "4"])]


def make_clips(folder, rate):
    for name, source, codec in CLIPS:
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source.format(r=rate), "-pix_fmt", "yuv420p", *codec,
                        str(folder / name)], check=True)
    return [str(folder / name) for name, _, _ in CLIPS]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--player", default=ROOT / "build/bin/capsule-player")
    parser.add_argument("--transitions", type=int, default=102)
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="capsule-bench.") as name:
        folder = pathlib.Path(name)
        files = options.files or make_clips(folder, options.rate)
        log = folder / "frames.jsonl"
        loops = -(-(options.transitions + 1) // len(files))
        subprocess.run([str(options.player), "--play", *files, "--headless", "--size", options.size, "--loops", str(loops), "--frames-log",
                        str(log)], check=True)
        frames = [json.loads(line) for line in log.read_text().splitlines()]
    gaps, inside, lost = [], [], 0
    for before, after in zip(frames, frames[1:]):
        gap = (after["t_ns"] - before["t_ns"]) / 1e6
        if after["showing"] != before["showing"]:
            gaps.append(gap)
            lost += after["frame"] != 0
        else:
            inside.append(gap)
            lost += after["frame"] - before["frame"] - 1
    period = 1000 / options.rate
    fallback = sum(frame["kind"] == "fallback" for frame in frames)
    late = sum(frame["late_ms"] > period / 2 for frame in frames)
    result = {"transitions": len(gaps), "period_ms": round(period, 1), "gap_median_ms": round(statistics.median(gaps), 1),
              "gap_worst_ms": round(max(gaps), 1), "inside_median_ms": round(statistics.median(inside), 1),
              "inside_worst_ms": round(max(inside), 1), "frames": len(frames), "frames_lost": lost, "late": late, "fallback": fallback}
    print(json.dumps(result))
    sys.exit(1 if max(gaps) > 2 * period or lost or fallback else 0)


if __name__ == "__main__":
    main()
