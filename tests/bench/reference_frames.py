#!/usr/bin/env python3
"""reference_frames.py [--player FILE] FILE…

Plays each file without a window and counts, from the frames log, the frames of its first ten seconds; beside it, what `ffmpeg -t 10`
decodes of the first video stream. A line per file; exit 1 when a count is more than one off where ffmpeg decodes something, when a
refusal is not one line, or when the player crashes or hangs."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def decoded(path):
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-t", "10", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f",
                           "framecrc", "-"], capture_output=True, text=True, timeout=120)
    return sum(not line.startswith("#") for line in done.stdout.splitlines())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--player", default=ROOT / "build/bin/capsule-player")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    wrong = 0
    for path in options.files:
        with tempfile.TemporaryDirectory(prefix="capsule-bench.") as name:
            log = pathlib.Path(name) / "frames.jsonl"
            try:
                done = subprocess.run([str(options.player), "--play", path, "--headless", "--size", "640x360", "--exit-on-end", "--for", "11s",
                                       "--frames-log", str(log)], capture_output=True, text=True, timeout=60)
            except subprocess.TimeoutExpired:
                print(f"HANGS   {path}")
                wrong += 1
                continue
            frames = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        shown = sum(frame["pts_ms"] < 10000 and frame["showing"] == 1 and frame["kind"] == "video" for frame in frames)
        wanted = decoded(path)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        if done.returncode not in (0, 1):
            verdict = f"EXIT {done.returncode}"
        elif shown == 0:
            verdict = "refused" if done.returncode == 1 and len(lines) == 1 else "UNCLEAR"
        else:
            verdict = "ok" if abs(shown - wanted) <= 1 else "WRONG"
        wrong += verdict not in ("ok", "refused")
        print(f"{verdict:8} shown {shown:4} ffmpeg {wanted:4}  {pathlib.Path(path).name}" + (f"  | {lines[-1]}" if shown == 0 and lines else ""))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
