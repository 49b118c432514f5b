#!/usr/bin/env python3
"""capture_test.py BINARIES [--minutes M] [--within SECONDS] [--keep FOLDER]

Does the report say what was on the screen? A server, a player on an Xvfb screen of its own and six capsules whose every frame carries a bar
code. The screen is watched from outside, without the player's help, and each showing that was seen is held against the row in the player's
journal and against the server's report: which capsule, when it began and ended, how many frames. Half a minute unless told otherwise."""
import argparse
import json
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "bench")]
from chain import chain_for, check, wait_for  # noqa: E402
from coded_clips import AAC, X264, make, table_of  # noqa: E402
from media import CAPSULE, PLAYLIST, SCHEDULE, SITES  # noqa: E402
from screen import Screen  # noqa: E402
from showings import OTHER, passes  # noqa: E402

SIZE = (640, 360)
RATES = {1: 30, 2: 25, 3: 24, 4: 30, 5: 25, 6: 30}  # the house profile has no more than 30
SECONDS = {1: 3, 2: 2, 3: 4, 4: 1, 5: 2, 6: 5}
ROWS = "SELECT bytes FROM row ORDER BY seq"


def prepare(chain, folder):
    clips = [(n, f"c{n}.mp4", *SIZE, RATES[n], SECONDS[n], [*X264, "-b:v", "1500k"], AAC if n % 2 else None) for n in RATES]
    files = make(folder / "masters", clips)
    for number, file in zip(RATES, files):
        file.with_suffix(".toml").write_text(CAPSULE.format(id=f"c{number}", title=f"Capsule {number}"), encoding="utf-8")
        chain.capsule("ingest", file, "--meta", file.with_suffix(".toml"), "--store", chain.store)
    items = "".join(f'\n[[item]]\ncapsule = "c{number}"\nweight = {1 + number % 3}\n' for number in RATES)
    (folder / "accueil.playlist.toml").write_text(PLAYLIST.replace('"10min"', '"20s"') + items, encoding="utf-8")
    (folder / "sites.csv").write_text(SITES, encoding="utf-8")
    (folder / "defaut.schedule.toml").write_text(SCHEDULE, encoding="utf-8")
    chain.start_server(public=False)
    chain.sign_in()
    chain.push()
    chain.enrol_by_key()
    chain.capsule("publish")
    return table_of(files)


def start_player(chain, screen):
    chain.player = subprocess.Popen(
        [str(chain.bin / "capsule-player"), "--server", chain.url, "--store", str(chain.screen_store), "--poll", "1s", "--qr-card-for", "2s",
         "--sound"], stderr=open(chain.folder / "player.log", "a", encoding="utf-8"), env={**chain.environment, **screen.environment})


def journal_rows(store):
    """Showings in the order of their writing, from copies of the segment files."""
    rows = {}
    with tempfile.TemporaryDirectory() as copy:
        for path in (store / "journal").iterdir():
            shutil.copy(path, copy)
        for path in sorted(pathlib.Path(copy).glob("*.db")):
            base = sqlite3.connect(path)
            for (text,) in base.execute(ROWS):
                row = json.loads(text)
                rows[row["journal"], row["seq"]] = row
            base.close()
    return [row for _, row in sorted(rows.items()) if row["kind"] == "showing"]


def card_spans(events, least=0.5):
    """(begin, end) of what was on the screen and was no coded frame, a blink left out."""
    spans, begin = [], None
    for when, code in events:
        if code == OTHER and begin is None:
            begin = when
        elif code != OTHER and begin is not None:
            if when - begin > least:
                spans.append((begin, when))
            begin = None
    return spans


def compare(events, rows, table, within):
    """What was seen against what the rows say; figures of how far they are from each other."""
    boot_ahead = time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
    seen = passes(events, table)
    told = [row for row in rows if row["item"] == "capsule"]
    whole = [row for row in told if row["end"] == "complete"]
    check(len(told) - len(whole) <= 1, f"{len(told) - len(whole)} capsules were not shown to their end")
    check(len(seen) == len(told), f"{len(seen)} showings were seen, {len(told)} are in the journal")
    begins, ends, unseen = [], [], 0
    for number, (one, row) in enumerate(zip(seen, told)):
        rate, frames = table[one.number]
        where = f"showing {number} of {row['capsule']}"
        check(row["capsule"] == f"c{one.number}", f"{where}: capsule c{one.number} was seen")
        begins.append(one.began + boot_ahead - row["boot_start_ms"] / 1000)
        check(abs(begins[-1]) < within, f"{where}: seen to begin {begins[-1] * 1000:.0f} ms from what the row says")
        if row["end"] == "complete":
            ends.append(one.last_at + 1 / rate + boot_ahead - row["boot_end_ms"] / 1000)
            check(abs(ends[-1]) < within, f"{where}: seen to end {ends[-1] * 1000:.0f} ms from what the row says")
            check(abs(row["frames_due"] - frames) <= 1, f"{where}: {row['frames_due']} frames were due, the clip has {frames}")
            unseen += row["frames_shown"] - len(one.seen)
    cards = [row for row in rows if row["item"] == "qr-card" and row["end"] == "complete"]
    first = rows[0]["boot_start_ms"] / 1000 - boot_ahead if rows else 0
    spans = [span for span in card_spans(events) if span[0] >= first + 1]
    check(abs(len(spans) - len(cards)) <= 1, f"{len(spans)} cards were seen, {len(cards)} are in the journal")
    print(f"{len(seen)} showings and {len(cards)} cards seen, as many in the journal, one by one the same; beginnings {spread(begins)}, "
          f"ends {spread(ends)} from what the rows say; {unseen} of {sum(row['frames_shown'] for row in told)} frames shown were not seen")
    return {row["capsule"]: sum(other["capsule"] == row["capsule"] for other in told) for row in told}


def spread(seconds):
    if not seconds:
        return "none"
    return f"{statistics.median(seconds) * 1000:+.0f} ms (worst {max(seconds, key=abs) * 1000:+.0f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--within", type=float, default=0.150, help="seconds that a moment seen and the row's may differ by: what a busy "
                        "machine delays picture and looking")
    parser.add_argument("--keep", type=pathlib.Path, help="leave the logs there")
    arguments = parser.parse_args()
    with chain_for("capture", arguments.binaries) as chain:
        folder = chain.folder
        folder.chmod(0o755)
        try:
            table = prepare(chain, folder)
            with Screen(SIZE) as screen:
                start_player(chain, screen)
                wait_for("the first capsule", lambda: any(code >= 0 for _, code in screen.events))
                until = time.monotonic() + arguments.minutes * 60
                while time.monotonic() < until:
                    check(chain.player.poll() is None, "the player ended")
                    time.sleep(0.2)
                check(chain.stop(chain.player) == 0, "the player does not end cleanly on SIGTERM")
                events = list(screen.events)
            (folder / "seen.json").write_text(json.dumps(events))
            counts = compare(events, journal_rows(chain.screen_store), table, arguments.within)
            # What the player could not send any more it sends at its next start.
            with Screen(SIZE) as screen:
                start_player(chain, screen)
                last = {}

                def agrees():
                    last.update(chain.reported())
                    return all(last.get(capsule, 0) >= count for capsule, count in counts.items())
                wait_for("the server's report to hold what was seen", agrees, 30)
                chain.stop(chain.player)
            again = sum(last.values()) - sum(counts.values())
            check(0 <= again <= 20, f"the report says {last}, seen were {counts}")
            print("the server's report holds them all")
        finally:
            if arguments.keep:
                chain.stop_all()
                shutil.copytree(folder, arguments.keep, dirs_exist_ok=True)
    print("capture: the journal says what was on the screen")


if __name__ == "__main__":
    main()
