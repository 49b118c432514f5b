#!/usr/bin/env python3
"""kill_storm.py BINARIES [--kills N] [--seed S]: short capsules, and player and server killed at random moments, also both at once.
After each restart the loop goes on; in the end the report equals the frames logs. Too long for every day: run it by hand."""
import argparse
import pathlib
import random
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import chain_for, check, wait_for  # noqa: E402
from on_air_test import compare, prepare, shown_capsules  # noqa: E402

CAPSULES = {"bref": ("Bref", 0.5, 25), "court": ("Court", 0.8, 30), "moyen": ("Moyen", 1.0, 24), "long": ("Long", 1.2, 25)}


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def storm(chain, folder, kills, dice):
    dead = {}
    chain.frames = folder / "frames000.jsonl"
    chain.start_player()
    shown_capsules(chain, 2)
    for number in range(1, kills + 1):
        time.sleep(dice.uniform(0.05, 2.5))
        target = dice.choice(["player", "player", "player", "server", "both"])
        if target != "server":
            kill(chain.player)
            dead[chain.frames.name] = time.monotonic_ns()
        if target != "player":
            kill(chain.server)
            time.sleep(dice.uniform(0, 1.0))
        if target != "server":
            chain.frames = folder / f"frames{number:03}.jsonl"
            chain.start_player()
            if dice.random() < 0.2:  # before it has shown anything
                time.sleep(dice.uniform(0, 0.3))
                kill(chain.player)
                dead[chain.frames.name] = time.monotonic_ns()
                chain.frames = folder / f"frames{number:03}b.jsonl"
                chain.start_player()
            log = chain.frames
            wait_for("the loop to go on", lambda: any(name == log.name for name, _ in chain.showings()), 10)
        if target != "player":
            chain.start_server()
        check(chain.player.poll() is None, "the player has ended by itself")
        print(f"{number}/{kills}: {target}", flush=True)
    check(chain.stop(chain.player) == 0, "the player does not end cleanly on SIGTERM")
    dead[chain.frames.name] = 0
    # What is left in the journal goes up with the next start.
    chain.frames = folder / "frames999.jsonl"
    chain.start_player("--for", "4s")
    check(chain.player.wait(60) == 0, "--for does not end well")
    chain.frames = folder / "frames9999.jsonl"
    chain.start_player()
    compare(chain, dead, 30)
    report = chain.report()
    check(report["missing_rows"] == 0 and report["bounded"]["showings"] == 0, str(report))
    fallbacks = {frame["log"] for frame in chain.frames_shown() if frame["kind"] == "fallback"} - {"frames000.jsonl"}
    check(not fallbacks, f"the fallback card came although capsules were there: {fallbacks}")
    print(f"{kills} kills, {sum(chain.reported().values())} showings: the counts agree")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    print(f"seed {given.seed}")
    with chain_for("storm", given.binaries) as chain:
        prepare(chain, chain.folder, CAPSULES)
        storm(chain, chain.folder, given.kills, random.Random(given.seed))


if __name__ == "__main__":
    main()
