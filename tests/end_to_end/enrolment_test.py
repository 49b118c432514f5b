#!/usr/bin/env python3
"""enrolment_test.py BINARIES: a machine out of the box. It shows a code, somebody types it, it goes on air by itself; its store is
restored from an old copy, revoked, made ready for an image, and each time the right thing happens."""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import chain_for, check, wait_for  # noqa: E402
from media import write_files  # noqa: E402
from on_air_test import shown_capsules  # noqa: E402


def publish(chain, folder):
    for master, meta in write_files(folder, {"court": ("Court", 0.8, 25)}):
        chain.capsule("ingest", master, "--meta", meta, "--store", chain.store)
    chain.start_server()
    chain.sign_in()
    chain.push()
    chain.capsule("publish")


def log_of(folder):
    return (folder / "player.log").read_text(encoding="utf-8")


def code_after(folder, start):
    """The last code that the player logged, beyond `start` characters of its log."""
    return wait_for("a code", lambda: (found := re.findall(r"types the code ([0-9A-HJKMNP-TV-Z]{8})\b", log_of(folder)[start:])) and found[-1], 30)


def devices(chain):
    return {device["id"]: device for device in json.loads(chain.capsule("device", "list", "--json").stdout)}


def screen(chain):
    return json.loads(chain.capsule("screens", "--json").stdout)[0]


def scenario(chain, folder):
    publish(chain, folder)
    chain.start_player()
    code = code_after(folder, 0)
    check(not (chain.screen_store / "trust" / "root.json").exists(), "a machine without a screen trusts somebody already")
    chain.capsule("device", "enrol", "ZZZZZZZZ" if code != "ZZZZZZZZ" else "YYYYYYYY", "--screen", "fs-antony-hall",
                  "--token-file", chain.token, code=1)
    chain.capsule("device", "enrol", f"{code[:4].lower()} {code[4:]}", "--screen", "fs-antony-hall")
    shown_capsules(chain, 2)
    check((chain.screen_store / "trust" / "root.json").read_bytes() == (folder / "server" / "release" / "1.root.json").read_bytes(),
          "the root that is trusted is not the server's")
    check("first contact" not in log_of(folder), "the root came by first contact, not by enrolment")
    wait_for("word from the screen", lambda: screen(chain)["state"] == "online", 20)
    print("a code was typed, the screen is on air")

    # An old copy of the store comes back: requests go on above what the server has counted.
    wait_for("showings in the report", lambda: chain.report()["total"]["showings"], 30)
    check(chain.stop(chain.player) == 0, "the player does not end cleanly")
    shown = chain.report()["total"]["showings"]
    counter = chain.screen_store / "request-counter"
    counter.write_text("1\n")
    chain.frames = folder / "frames2.jsonl"
    chain.start_player()
    wait_for("new showings in the report", lambda: chain.report()["total"]["showings"] > shown, 30)
    check(int(counter.read_text()) > 1000, "the counter was not raised")
    check(len(devices(chain)) == 1, "a restored store made another device")
    print("a restored store goes on as the same device")

    # Revoked: the next request is refused, the screen falls calm, and shows no code by which it could come back.
    device = next(iter(devices(chain)))
    start = len(log_of(folder))
    chain.capsule("device", "revoke", device)
    wait_for("the player to learn it", lambda: "was revoked" in log_of(folder)[start:], 20)
    wait_for("nothing on air", lambda: "serves no screen" in log_of(folder)[start:], 20)
    check("types the code" not in log_of(folder)[start:], "a revoked machine shows a code")
    chain.run("capsule-player", "--store", chain.screen_store, "--prepare-image", code=1)  # in use
    check(chain.stop(chain.player) == 0, "the player does not end cleanly")
    print("revoked")

    # Made ready for an image, it is a new machine: by code, for a screen that is made on the way.
    done = chain.run("capsule-player", "--store", chain.screen_store, "--prepare-image").stdout
    check("ready to be copied" in done and "left as it is" not in done, done)
    check(sorted(path.name for path in chain.screen_store.iterdir()) == ["player.lock"], "something is left in the store")
    start = len(log_of(folder))
    chain.frames = folder / "frames3.jsonl"
    before = len(chain.showings())
    chain.start_player()
    chain.capsule("device", "enrol", code_after(folder, start), "--site", screen(chain)["site"], "--name", "Salle d’attente")
    shown_capsules(chain, before + 1)
    serving = [entry["screen"] for entry in devices(chain).values() if not entry["revoked"]]
    check(len(serving) == 1 and serving[0].endswith("salle-d-attente"), f"{serving}")
    print("prepared for an image, and enrolled anew")

    # Scripts enrol by key, as ever, before the machine has spoken.
    check(chain.stop(chain.player) == 0, "the player does not end cleanly")
    chain.screen_store = folder / "second"
    chain.enrol_by_key()
    chain.frames = folder / "frames4.jsonl"
    before = len(chain.showings())
    chain.start_player()
    shown_capsules(chain, before + 1)


def main():
    with chain_for("enrolment", sys.argv[1]) as chain:
        scenario(chain, chain.folder)
    print("enrolment: all holds")


if __name__ == "__main__":
    main()
