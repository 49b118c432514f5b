#!/usr/bin/env python3
"""players.py [--figure NAME…] [--player NAME…] [--runs N] [--seconds N] [--clips FOLDER] [--capsule FILE] [--json FILE] [-- ARGUMENT…]

Runs capsule-player and every other player that is installed in turn on the same clips and the same kind of display (Xvfb, software), and
prints a table per figure. All are looked at from outside, see screen.py; nobody helps with a log. Turns are interleaved: each run goes
through all players once. Arguments after -- go to capsule-player.

  cpu          CPU seconds per second played, 1080p30 H.264 + AAC, full screen; beside it what ffmpeg -f null takes to decode it
  upscale      the same, 720p25 H.264
  hevc, vp9, uhd   the same, HEVC 1080p30, VP9 720p30, H.264 2160p30
  start        from start to first frame on screen
  transitions  six mixed clips: how long the last frame stays too long, what is dark, what is never seen; peak memory
  endless      a thousand transitions and more of half a second each, capsule-player and the bare loop alone (nine minutes each)

Unless told: all but the last, 5 runs of 10 seconds (transitions: one of 61)."""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import coded_clips
import peers
import screen
import showings

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLAYED = {"cpu": "h264_1080p30.mp4", "upscale": "h264_720p25.mp4", "hevc": "hevc_1080p30.mp4", "vp9": "vp9_720p30.webm",
          "uhd": "h264_2160p30.mp4", "start": "h264_1080p30.mp4"}
FIGURES = [*PLAYED, "transitions"]
SIZE = (1920, 1080)


def machine():
    """One line that tells one machine from another."""
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", text)
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1)) >> 20
    system = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    virtual = " virtual machine" if "hypervisor" in text else ""
    return (f"{len(os.sched_getaffinity(0))} cores of {model.group(1) if model else platform.machine()}{virtual}, {memory} GiB, "
            f"{'GPU' if pathlib.Path('/dev/dri').exists() else 'no GPU'}, {system.group(1) if system else platform.system()}, "
            f"Linux {platform.release()}, Xvfb {SIZE[0]}x{SIZE[1]}")


class Contestant:
    def __init__(self, name, options):
        self.name, self.options = name, options

    def command(self, files, folder):
        if self.name == "capsule":
            return [str(self.options.capsule), "--play", *map(str, files), "--sound", *self.options.arguments]
        if self.name == "capsule-muted":  # as it is delivered: the sound is not even decoded
            return [str(self.options.capsule), "--play", *map(str, files), *self.options.arguments]
        if self.name == "floor":  # nothing but decode, libyuv, XShm; no sound
            return [str(self.options.floor), *map(str, files)]
        return peers.command_of(self.name, files, SIZE, folder)


def turn(contestant, figure, files, options):
    """One run of one player; None when it showed nothing."""
    table = coded_clips.table_of(files)
    folder = tempfile.mkdtemp(prefix="capsule-bench.")
    os.chmod(folder, 0o777)
    try:
        with screen.Screen(SIZE) as display:
            player = screen.Player(display, contestant.command(files, folder), options.log)
            try:
                first = player.first_frame()
                if first is None:
                    return None
                result = {"start_ms": (first - player.started) * 1000}
                if figure == "start":
                    return result
                looking = figure in ("transitions", "endless")
                time.sleep(max(0.0, first + (0.5 if looking else 3) - time.monotonic()))
                begin, before = time.monotonic(), player.cpu()
                memory, last = [player.memory()], begin + options.duration(figure)
                while time.monotonic() < last and player.running():
                    time.sleep(min(1.0, max(0.01, last - time.monotonic())))
                    if looking:
                        memory.append(player.memory())
                end, after = time.monotonic(), player.cpu()
                memory.append(player.memory())
                result.update(cpu=(after[0] - before[0]) / (end - begin), x_cpu=(after[1] - before[1]) / (end - begin), memory=max(memory),
                              early=not player.running(), **showings.smoothness(display.events, table, begin, end))
                if looking:
                    result.update(showings.summary([event for event in display.events if event[0] <= end], table))
                return result
            finally:
                player.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def decode_alone(file, seconds):
    """CPU seconds per second that the ffmpeg program takes to decode it, picture and sound, with one thread."""
    before = sum(os.times()[2:4])
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-t", str(seconds), "-i", str(file), "-f", "null", "-"], check=True)
    return {"cpu": (sum(os.times()[2:4]) - before) / seconds}


COLUMNS = {
    "cpu": [("cpu", "CPU s per s", "{:.3f}"), ("x_cpu", "X server's", "{:.3f}"), ("shown", "frames shown %", "{:.1f}"),
            ("pace", "pace %", "{:.1f}"), ("longest", "longest frame ms", "{:.0f}"), ("memory", "PSS MiB", "{:.0f}")],
    "start": [("start_ms", "first frame ms", "{:.0f}")],
    "transitions": [("transitions", "n", "{:.0f}"), ("freeze_median", "freeze median ms", "{:.0f}"), ("freeze_worst", "worst ms", "{:.0f}"),
                    ("over_a_frame", "of a frame or more", "{:.0f}"), ("dark_worst", "dark, worst ms", "{:.0f}"),
                    ("first_unseen", "first frames unseen", "{:.0f}"), ("last_unseen", "last frames unseen", "{:.0f}"),
                    ("frames_unseen", "frames unseen", "{:.0f}"), ("shown", "frames shown %", "{:.1f}"), ("cpu", "CPU s per s", "{:.3f}"),
                    ("memory", "peak PSS MiB", "{:.0f}")],
}
COLUMNS["endless"] = COLUMNS["transitions"]
RANKED = {"start": "start_ms"}


def print_table(figure, results):
    columns = COLUMNS.get(figure, COLUMNS["cpu"])
    ranked = RANKED.get(figure, "cpu")
    median = {name: {key: statistics.median(run[key] for run in runs if key in run)
                     for key, *_ in columns if any(key in run for run in runs)} for name, runs in results.items() if runs}
    best = min((m[ranked] for name, m in median.items() if name in peers.PEERS and ranked in m), default=None)
    print(f"\n### {figure}\n")
    compare = best is not None and figure not in ("transitions", "endless")
    print("| player | runs | " + " | ".join(title for _, title, _ in columns) + (" | of the best peer |" if compare else " |"))
    print("|---" * (len(columns) + 2 + compare) + "|")
    for name, runs in results.items():
        if not runs:
            print(f"| {name} | 0 | nothing was seen" + " |" * (len(columns) + compare))
            continue
        cells = [style.format(median[name][key]) if key in median[name] else "–" for key, _, style in columns]
        if compare:
            cells.append(f"{median[name][ranked] / best:.2f}" if ranked in median[name] else "–")
        print(f"| {name} | {len(runs)} | " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figure", nargs="+", choices=[*FIGURES, "endless"], default=FIGURES)
    parser.add_argument("--player", nargs="+", choices=["capsule", "capsule-muted", "floor", *peers.PEERS],
                        default=["capsule", "capsule-muted", "floor", *peers.USUAL])
    parser.add_argument("--runs", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--clips", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "capsule-bench-clips")
    parser.add_argument("--capsule", type=pathlib.Path, default=ROOT / "build/bin/capsule-player")
    parser.add_argument("--floor", type=pathlib.Path, default=ROOT / "build/bin/bench_floor")
    parser.add_argument("--json", type=pathlib.Path, help="append each run as a line")
    parser.add_argument("--log", default=os.devnull, help="append what the players say")
    own, arguments = sys.argv[1:], []
    if "--" in own:
        own, arguments = own[:own.index("--")], own[own.index("--") + 1:]
    options = parser.parse_args(own)
    options.arguments = arguments
    usual = {"transitions": 61, "endless": 540}
    options.duration = lambda figure: options.seconds or usual.get(figure, 10)
    for program in ("Xvfb", "xsetroot", "ffmpeg"):
        if not shutil.which(program):
            sys.exit(f"players.py: {program} is not installed (Debian: xvfb x11-xserver-utils ffmpeg openbox)")
    contestants = []
    for name in options.player:
        missing = (not peers.installed(name) if name in peers.PEERS else not (options.floor if name == "floor" else options.capsule).exists())
        if missing:
            print(f"{name}: not installed here, left out" if name in peers.PEERS else f"{name}: not built, left out", file=sys.stderr)
        else:
            contestants.append(Contestant(name, options))
    clips = coded_clips.make_all(options.clips.resolve())
    screen.adopt_orphans()
    print(machine())
    for figure in options.figure:
        files = {"transitions": clips["mixed"], "endless": clips["short"]}.get(figure)
        files = files or [clips["single"][0].parent / PLAYED[figure]]
        here = [one for one in contestants if figure != "endless" or one.name not in peers.PEERS]
        results = {one.name: [] for one in here}
        limit = figure in PLAYED and figure != "start"
        if limit:
            results["ffmpeg -f null"] = []
        for _ in range(options.runs or (1 if figure in ("transitions", "endless") else 5)):
            turns = [(one.name, lambda one=one: turn(one, figure, files, options)) for one in here]
            if limit:
                turns.append(("ffmpeg -f null", lambda: decode_alone(files[0], options.duration(figure))))
            for name, run in turns:
                result = run()
                if result:
                    results[name].append(result)
                if options.json:
                    with open(options.json, "a") as lines:
                        lines.write(json.dumps({"figure": figure, "player": name, "at": time.time(), **(result or {})}) + "\n")
        print_table(figure, results)


if __name__ == "__main__":
    main()
