#!/usr/bin/env python3
"""clock_steps.py BINARIES [--steps N] [--every S]: the wall clock steps by an hour, a day, thirty years while a real player shows its loop.
No frame may be late or lost by it. Needs faketime (its library fakes the wall clock only). A measurement: run it on a quiet machine."""
import argparse
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import chain_for, check  # noqa: E402
from on_air_test import prepare, shown_capsules  # noqa: E402

CAPSULES = {"court": ("Court", 3, 25), "moyen": ("Moyen", 4, 30), "long": ("Long", 5, 24)}
HOUR, DAY, YEAR = 3600, 86400, 365 * 86400
STEPS = [HOUR, -HOUR, DAY, -DAY, 30 * YEAR, 0]
REFRESH_MS = 1000 / 60  # of a stage without a display; what the player itself counts as late
AROUND_NS = 1.5e9  # a frame that close behind a step is held against it


def library():
    for path in pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"):
        return path
    raise SystemExit("clock_steps.py: install the package faketime")


def walls_seen(store):
    """Distinct offsets of the wall clock that the rows on disk bear, in hours: the steps did reach the player."""
    text = b"".join(path.read_bytes() for path in store.glob("journal/*.db*")).decode("latin-1")
    rows = re.findall(r'"boot_start_ms":(\d+)[^{}]*"wall_start_ms":(-?\d+)}', text)
    return {round((int(wall) - int(boot)) / 3_600_000) for boot, wall in rows}


def faults(frames):
    """(t_ns) of frames that were late or that stand for lost ones before them."""
    late = [frame["t_ns"] for frame in frames if frame["late_ms"] >= REFRESH_MS]
    lost = []
    last = {}
    for frame in frames:
        before = last.get(frame["showing"], -1)
        lost += [frame["t_ns"]] * (frame["frame"] - before - 1)
        last[frame["showing"]] = frame["frame"]
    return late, lost


def scenario(chain, folder, given):
    prepare(chain, folder, CAPSULES)
    offset = folder / "offset"
    offset.write_text("+0\n")
    chain.environment = {**chain.environment, "LD_PRELOAD": str(library()), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
                         "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    chain.start_player()
    del chain.environment["LD_PRELOAD"]
    shown_capsules(chain, 2)
    steps = []
    for number in range(given.steps):
        time.sleep(given.every)
        offset.with_suffix(".new").write_text(f"{STEPS[number % len(STEPS)]:+d}\n")
        offset.with_suffix(".new").rename(offset)
        steps.append(time.monotonic_ns())
    time.sleep(given.every)
    check(chain.player.poll() is None, "the player has ended")
    check(chain.stop(chain.player) == 0, "the player does not end cleanly")
    frames = [frame for frame in chain.frames_shown() if frame["kind"] == "video"]
    by_hour = walls_seen(chain.screen_store)
    check(len(by_hour) >= min(given.steps, len(STEPS)) - 1, f"the steps did not reach the player: {by_hour}")
    late, lost = faults(frames)

    def near(moments, behind=1):
        return sum(any(0 <= (moment - step) * behind <= AROUND_NS for step in steps) for moment in moments)
    seconds = (frames[-1]["t_ns"] - frames[0]["t_ns"]) / 1e9
    longest = max(b["t_ns"] - a["t_ns"] for a, b in zip(frames, frames[1:]) if a["showing"] == b["showing"]) / 1e6
    print(f"{given.steps} steps in {seconds:.0f} s, {len(frames)} frames, longest time between two of a showing {longest:.0f} ms")
    print(f"late: {len(late)}, of them {near(late)} in the {AROUND_NS / 1e9} s behind a step, {near(late, -1)} in those before one")
    print(f"lost: {len(lost)}, of them {near(lost)} behind a step, {near(lost, -1)} before one")
    # On a busy machine some frames are late all the time; a step must not make more of them.
    check(near(lost) <= near(lost, -1) and near(late) <= 2 * near(late, -1) + 2, "frames were late or lost behind a step")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--every", type=float, default=10)
    given = parser.parse_args()
    with chain_for("steps", given.binaries) as chain:
        scenario(chain, chain.folder, given)


if __name__ == "__main__":
    main()
