#!/usr/bin/env python3
"""on_air_test.py BINARIES: the whole chain, once, on real parts. A master becomes a capsule, is published, synced, shown, logged,
uploaded and reported; then player and server are killed at bad moments and the counts must still agree."""
import json
import pathlib
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import Failure, chain_for, check, wait_for  # noqa: E402
from media import write_files  # noqa: E402


CAPSULES = {"court": ("Court", 1.2, 25), "moyen": ("Moyen", 2, 30), "long": ("Long", 3, 24)}


def prepare(chain, folder, capsules=None):
    masters = write_files(folder, capsules or CAPSULES)
    for master, meta in masters:
        chain.capsule("ingest", master, "--meta", meta, "--store", chain.store)
    chain.start_server()
    chain.sign_in()
    check(oct((folder / "token.json").stat().st_mode)[-3:] == "600", "the token can be read by others")
    chain.push()
    chain.enrol_by_key()
    published = chain.capsule("publish").stdout
    check("1" in published, f"publish says no number: {published}")
    again = chain.capsule("publish").stdout
    check("2" not in re.findall(r"\d+", again), f"publishing the same again made a new programme: {again}")


def shown_capsules(chain, count):
    return wait_for(f"{count} capsules on screen", lambda: (len(s := chain.showings()) >= count) and s)


def follow_the_code(chain, folder):
    """The QR card on the screen leads to the directory, and counts."""
    png = folder / "qr.png"
    wait_for("the QR card's picture", png.exists, 40)
    link = subprocess.run(["zbarimg", "--nodbus", "--raw", "-q", str(png)], capture_output=True, text=True).stdout.strip()
    check(re.fullmatch(rf"HTTP://127\.0\.0\.1:{chain.port}/Q/[0-9A-HJKMNP-TV-Z]{{6}}", link), f"the code says {link!r}")
    path = link.split(str(chain.port), 1)[1]
    status, headers, _ = chain.request("GET", path.lower().replace("/q/", "/Q/"))
    check(status == 302 and headers["Location"].startswith("https://soliguide.fr/fr/search/antony-92160"), f"{status} {headers}")
    chain.request("HEAD", path)
    wait_for("one scan in the report", lambda: chain.report()["total"]["scans"] == 1, 10)


def compare(chain, dead, patience=20):
    """The report holds every capsule shown but those that were on screen when `dead` (log → moment of death) struck."""
    ended = {}
    by_log = {}
    for (log, number), (item, last) in chain.showings().items():
        by_log.setdefault(log, []).append((number, item, last))
    uncertain = {}
    for log, showings in by_log.items():
        showings.sort()
        for number, item, last in showings:
            on_air_at_death = number == showings[-1][0] or (log in dead and dead[log] - last < 0.15e9)
            target = uncertain if on_air_at_death else ended
            target[item] = target.get(item, 0) + 1

    def agrees():
        reported = chain.reported()
        return all(ended.get(item, 0) <= reported.get(item, 0) <= ended.get(item, 0) + uncertain.get(item, 0)
                   for item in {*ended, *uncertain, *reported})
    try:
        wait_for("the report to equal the frames log", agrees, patience)
    except Failure as failure:
        raise Failure(f"{failure}: shown {ended} (and perhaps {uncertain}), reported {chain.reported()}") from None


def scenario(chain, folder):
    prepare(chain, folder)
    # The server learns its public address only now that its port is known.
    check(chain.stop(chain.server) == 0, "the server does not end cleanly")
    chain.start_server()
    chain.frames = folder / "frames1.jsonl"
    chain.start_player("--screenshot-qr", folder / "qr.png")
    shown_capsules(chain, 3)
    follow_the_code(chain, folder)
    print("shown, scanned, counted")

    dead = {}
    for kill in range(2, 5):
        before = len(chain.showings())
        shown_capsules(chain, before + 2)
        time.sleep(0.37 * kill)
        chain.player.send_signal(signal.SIGKILL)
        chain.player.wait()
        dead[chain.frames.name] = time.monotonic_ns()
        chain.frames = folder / f"frames{kill}.jsonl"
        chain.start_player()
    shown_capsules(chain, len(chain.showings()) + 1)
    compare(chain, dead)
    print("three kills of the player: the counts agree")

    chain.server.send_signal(signal.SIGKILL)
    chain.server.wait()
    before = len(chain.showings())
    shown_capsules(chain, before + 3)  # the loop goes on without a server
    chain.start_server()
    compare(chain, dead)
    print("a kill of the server: the loop went on, the counts agree")

    began = time.monotonic()
    check(chain.stop(chain.player) == 0, "the player does not end cleanly on SIGTERM")
    check(time.monotonic() - began < 2, "the player takes long to end")
    dead[chain.frames.name] = 0
    frames = chain.frames_shown()
    check(all(frame["kind"] != "fallback" or frame["frame"] < 200 for frame in frames), "the fallback card stayed")
    chain.frames = folder / "frames9.jsonl"
    chain.start_player("--for", "1s")
    check(chain.player.wait(60) == 0, "--for does not end well")
    report = chain.report()
    check(report["missing_rows"] == 0 and report["bounded"]["showings"] == 0, json.dumps(report))
    csv = chain.capsule("report", "--by", "site", "--format", "csv").stdout
    check("France services Antony" in csv, csv)


def main():
    with chain_for("chain", sys.argv[1]) as chain:
        scenario(chain, chain.folder)
    print("on air: all holds")


if __name__ == "__main__":
    main()
