#!/usr/bin/env python3
"""soak.py [--transitions N] [--size WxH] [--clips FOLDER] [--capsule FILE] [--trace FILE] [-- ARGUMENT…]

Plays clips of half a second in a loop, with sound and captions, until so many transitions were seen on the screen (10,000 take an hour and
a half), and looks at memory and descriptors every ten seconds. Prints one line of JSON; exits 1 when memory grew by more than 1 MiB per
thousand transitions after the first thousand, or when the number of descriptors changed."""
import argparse
import json
import pathlib
import sys
import tempfile
import time

import coded_clips
import screen
import showings

ROOT = pathlib.Path(__file__).resolve().parents[2]


def slope(points):
    """Of the straight line through (x, y) with the least squares."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / max(1e-9, sum((x - mean_x) ** 2 for x, _ in points))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transitions", type=int, default=10000)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--clips", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "capsule-bench-clips")
    parser.add_argument("--capsule", type=pathlib.Path, default=ROOT / "build/bin/capsule-player")
    parser.add_argument("--trace", type=pathlib.Path, help="write transitions, MiB and descriptors, one look per line")
    own, arguments = sys.argv[1:], []
    if "--" in own:
        own, arguments = own[:own.index("--")], own[own.index("--") + 1:]
    options = parser.parse_args(own)
    files = coded_clips.make(options.clips.resolve() / "short", coded_clips.SHORT, True)
    table = coded_clips.table_of(files)
    screen.adopt_orphans()
    looks, done = [], []
    with screen.Screen(tuple(map(int, options.size.split("x"))), rate=200) as display:
        player = screen.Player(display, [str(options.capsule), "--play", *map(str, files), "--sound", *arguments])
        if player.first_frame() is None:
            sys.exit("soak.py: no frame was seen")
        taken = 0
        while len(done) < options.transitions and player.running():
            time.sleep(10)
            # What is behind stays behind: only the tail is looked at again.
            events = list(display.events[taken:])
            found = showings.transitions(events, table)
            if len(found) > 8:
                cut = found[-4]["at"]
                done += [one for one in found if one["at"] < cut]
                taken += next(i for i, (when, _) in enumerate(events) if when >= cut - 0.4)
            looks.append((len(done), player.memory(), player.descriptors()))
            if options.trace:
                with open(options.trace, "a") as lines:
                    lines.write("%d %.2f %d\n" % looks[-1])
        alive = player.running()
        player.end()
    warm = [look for look in looks if look[0] >= 1000] or looks[len(looks) // 2:]
    descriptors = [look[2] for look in warm]
    result = {"transitions": len(done), "memory_first": round(warm[0][1], 1), "memory_last": round(warm[-1][1], 1),
              "memory_peak": round(max(look[1] for look in looks), 1),
              "mib_per_1000": round(slope([(look[0] / 1000, look[1]) for look in warm]), 3),
              "descriptors": [min(descriptors), max(descriptors)],
              "freeze_worst_ms": round(max(one["freeze"] for one in done), 1), "dark_worst_ms": round(max(one["dark"] for one in done), 1),
              "first_or_last_unseen": sum(one["head"] > 0 or one["tail"] > 0 for one in done), "alive": alive}
    print(json.dumps(result))
    sys.exit(0 if alive and result["mib_per_1000"] <= 1 and max(descriptors) - min(descriptors) <= 4 else 1)


if __name__ == "__main__":
    main()
