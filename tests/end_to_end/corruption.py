#!/usr/bin/env python3
"""corruption.py BINARIES [--times N] [--only CASE]: a screen's journal of 5,000 rows is damaged in many ways. Each time the real player
must show its picture within five seconds; then the journal is drained and compared with what was written: rows that arrive are those,
byte for byte, and what does not arrive is declared as a gap."""
import argparse
import json
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import chain_for, check, wait_for  # noqa: E402
from on_air_test import prepare, shown_capsules  # noqa: E402

ROWS = 5000
PAGE = 4096
PATIENCE = 5.0


def overwrite(path, at, length, dice):
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(dice.randbytes(length))


def segments(store):
    return sorted(store.glob("journal/*.db"), key=lambda path: path.stat().st_mtime)


def log_of(store):
    return next(log for log in store.glob("journal/*.db-wal") if log.stat().st_size > 8 * PAGE)


def pages(count):
    def damage(store, dice):
        for _ in range(count):
            path = dice.choice([file for file in segments(store) if file.stat().st_size > 8 * PAGE])
            overwrite(path, PAGE * dice.randrange(path.stat().st_size // PAGE), PAGE, dice)
    return damage


def first_page(store, dice):
    overwrite(dice.choice([file for file in segments(store) if file.stat().st_size > 8 * PAGE]), 0, PAGE, dice)


def log_head(store, dice):
    overwrite(log_of(store), 0, dice.choice([32, 512, PAGE]), dice)


def log_tail(store, dice):
    """The end of what is in force: behind it lie frames of earlier runs of the log."""
    log = log_of(store)
    content = log.read_bytes()
    end = 32
    while content[end + 8:end + 16] == content[16:24]:
        end += PAGE + 24
    length = dice.choice([512, PAGE, PAGE + 24])
    overwrite(log, end - length, length, dice)


def log_deleted(store, _):
    log_of(store).unlink()


def zeroed(store, dice):
    path = dice.choice([file for file in segments(store) if file.stat().st_size > 8 * PAGE])
    path.write_bytes(bytes(path.stat().st_size))


# Name → damage, and the share of rows that must come back.
CASES = {"1 page": (pages(1), 0.98), "3 pages": (pages(3), 0.98), "10 pages": (pages(10), 0.95), "first page": (first_page, 0.98),
         "log head": (log_head, 0.98), "log tail": (log_tail, 0.98), "log deleted": (log_deleted, 0.9), "file zeroed": (zeroed, 0)}


def write_rows(chain, device):
    """5,000 rows behind those that are there, and a kill, so that the newest are in SQLite's log only."""
    writer = subprocess.Popen([str(chain.bin / "write_journal"), str(chain.screen_store), "2000", "0", device], stdout=subprocess.PIPE, text=True)
    for _ in range(ROWS):
        writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    writer.wait()


def drain(chain, store, device, kept):
    return json.loads(chain.run("drain_journal", store, device, kept).stdout), kept.read_bytes().splitlines()


def picture(chain, folder, store):
    """Seconds from the start of the player to the first frame of a capsule."""
    frames = folder / "frames.jsonl"
    frames.unlink(missing_ok=True)
    began = time.monotonic_ns()
    player = subprocess.Popen([str(chain.bin / "capsule-player"), "--server", "http://127.0.0.1:1", "--store", str(store), "--headless", "--size",
                               "320x180", "--frames-log", str(frames)], stderr=open(folder / "player.log", "w", encoding="utf-8"))
    try:
        def first():
            for line in frames.read_text().splitlines() if frames.exists() else []:
                if '"kind":"video"' in line and line.endswith("}"):
                    return json.loads(line)["t_ns"]
            return None
        shown = (wait_for("the picture", first, 20) - began) / 1e9
        time.sleep(1.0)
        check(player.poll() is None, "the player has ended")
    finally:
        player.send_signal(signal.SIGTERM)
        player.wait(10)
    return shown


def scenario(chain, folder, given):
    prepare(chain, folder, {"court": ("Court", 0.6, 25)})
    chain.start_player()
    shown_capsules(chain, 2)
    check(chain.stop(chain.player) == 0, "the player does not end cleanly")
    chain.stop(chain.server)
    shutil.rmtree(chain.screen_store / "journal")
    device = re.search(r"device ([0-9a-f]{16})", (folder / "player.log").read_text())[1]
    write_rows(chain, device)
    whole = folder / "whole"
    shutil.copytree(chain.screen_store, whole)
    _, written = drain(chain, whole, device, folder / "kept")
    check(len(written) >= ROWS, f"only {len(written)} rows were written")
    truth = set(written)
    dice = random.Random(given.seed)
    print(f"{'damage':12} {'times':>5} {'picture s, worst':>17} {'rows back, worst':>17} {'mean':>8} {'lost, declared':>15} {'unknown gaps':>13}")
    for name, (damage, share) in CASES.items():
        if given.only and given.only != name:
            continue
        worst_picture, backs, declared, unknown = 0.0, [], 0, 0
        for number in range(given.times):
            store = folder / "store"
            shutil.copytree(chain.screen_store, store)
            damage(store, dice)
            worst_picture = max(worst_picture, picture(chain, folder, store))
            told, kept = drain(chain, store, device, folder / "kept")
            back = sum(row in truth for row in kept)
            alien = [row for row in kept if row not in truth and b'"boot_end_ms"' in row and b"15000" in row]
            lost = len(written) - back
            where = f"{name}, {number + 1}, seed {given.seed}: {lost} rows lost, {told}"
            check(not alien and told["forks"] == 0, f"{where}: rows that nobody wrote")
            check(lost == 0 or told["gaps_of_unknown_size"] > 0 or told["lost"] >= lost, f"{where}: the loss is not declared")
            check(back >= share * len(written), where)
            backs.append(back / len(written))
            declared += told["lost"]
            unknown += told["gaps_of_unknown_size"]
            shutil.rmtree(store)
        print(f"{name:12} {given.times:5} {worst_picture:17.2f} {100 * min(backs):16.2f}% {100 * sum(backs) / len(backs):7.2f}% {declared:15} {unknown:13}",
              flush=True)
        check(worst_picture <= PATIENCE, f"{name}: the picture came after {worst_picture:.1f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with chain_for("corruption", given.binaries) as chain:
        scenario(chain, chain.folder, given)


if __name__ == "__main__":
    main()
