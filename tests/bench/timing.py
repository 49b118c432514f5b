#!/usr/bin/env python3
"""timing.py [--player FILE] [--seconds N] [FILE…]

Plays a clip of each common rate (and one of a variable rate), with and without sound, without a window, and reads the frames log: by
how much each frame came on screen before or after its time, against the first frames' own line. Half a refresh is 8.3 ms at 60 Hz.
Prints a line per clip; exit 1 when a frame is missing, or more than one in a hundred is off by more than half a refresh."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HALF_REFRESH_MS = 1000 / 60 / 2
RATES = ["24", "25", "30000/1001", "30", "50", "60"]


def make(folder, seconds):
    for rate in RATES:
        name = folder / f"{rate.replace('/', '_')}.mp4"
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=s=640x360:d={seconds}:r={rate}", "-f", "lavfi", "-i",
                        f"sine=440:d={seconds}", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", str(name)], check=True)
        yield str(name)
    name = folder / "variable.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=s=640x360:d={seconds}:r=25", "-vf",
                    "select='eq(mod(n,10),0)+eq(mod(n,10),1)+eq(mod(n,10),5)'", "-fps_mode", "vfr", "-c:v", "libx264", str(name)], check=True)
    yield str(name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--player", default=ROOT / "build/bin/capsule-player")
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="capsule-bench.") as name:
        folder = pathlib.Path(name)
        for path in options.files or list(make(folder, options.seconds)):
            for sound in (False, True):
                log = folder / "frames.jsonl"
                log.unlink(missing_ok=True)
                # Without a device, SDL's disk driver keeps the pace of one.
                environment = dict(os.environ, SDL_DISKAUDIOFILE="/dev/null")
                environment.setdefault("SDL_AUDIODRIVER", "disk")
                subprocess.run([str(options.player), "--play", path, "--headless", "--size", "640x360", "--loops", "2", "--frames-log", str(log)]
                               + (["--sound"] if sound else []), check=True, env=environment)
                frames = [json.loads(line) for line in log.read_text().splitlines()]
                off, missing = [], 0
                for showing in {frame["showing"] for frame in frames}:
                    # The very first frame of all stays until the device is heard.
                    own = [frame for frame in frames if frame["showing"] == showing][1 if sound and showing == 1 else 0:]
                    zeros = [frame["t_ns"] / 1e6 - frame["pts_ms"] for frame in own]
                    # The line of the item: what is heard may move it by parts of a millisecond a frame.
                    off += [zero - statistics.median(zeros[max(0, i - 12):i + 13]) for i, zero in enumerate(zeros)]
                    missing += own[-1]["frame"] - own[0]["frame"] + 1 - len(own)
                bad = sum(abs(value) > HALF_REFRESH_MS for value in off)
                wrong += missing > 0 or bad * 100 > len(off)
                print(f"{pathlib.Path(path).name:16} {'sound' if sound else 'silent':6} frames {len(frames):4}  missing {missing}  off by more than "
                      f"half a refresh {bad}  median {statistics.median(map(abs, off)):.2f} ms  worst {max(map(abs, off)):.2f} ms")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
