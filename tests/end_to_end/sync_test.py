#!/usr/bin/env python3
"""sync_test.py BINARIES: what happens to a screen's files while it plays. A rotten capsule is set aside and fetched anew while the loop
goes on; with the server away the loop goes on too and the diagnostic panel says why; a mirror in a folder serves while the server is away."""
import json
import pathlib
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import chain_for, check, wait_for  # noqa: E402
from on_air_test import prepare, shown_capsules  # noqa: E402

CAPSULES = {"un": ("Un", 0.8, 25), "deux": ("Deux", 1.0, 25), "trois": ("Trois", 1.2, 25)}


def blob_of(chain, capsule):
    documents = sorted((chain.screen_store / "documents").glob("*.programme.json"))
    programme = json.loads(documents[-1].read_text(encoding="utf-8"))
    digest = programme["capsules"][capsule]["versions"][0]["sha256"]
    return chain.screen_store / "blobs" / digest[:2] / digest


def restart(chain, number, *arguments):
    chain.frames = chain.folder / f"frames{number}.jsonl"
    chain.start_player(*arguments)


def seen_since(chain, log, moment):
    return {item for (name, _), (item, t) in chain.showings().items() if name == log and t > moment}


def rotten(chain):
    """Torn out of the middle, as a bad sector does: the player cannot show it."""
    blob = blob_of(chain, "deux")
    right = blob.read_bytes()
    log, before = chain.frames.name, time.monotonic_ns()
    blob.write_bytes(bytes(len(right)))
    wait_for("the rotten file to be set aside", lambda: (chain.screen_store / "set-aside" / blob.name).exists(), 30)
    moment = time.monotonic_ns()
    wait_for("the file anew", lambda: blob.exists() and blob.read_bytes() == right, 30)
    wait_for("the others to go on", lambda: len(seen_since(chain, log, moment)) >= 2, 20)
    wait_for("the capsule to be shown again", lambda: "deux" in seen_since(chain, log, moment), 40)
    check(not [f for f in chain.frames_shown() if f["log"] == log and f["kind"] == "fallback" and f["t_ns"] > before], "the fallback card came although capsules were there")


def without_server(chain):
    chain.stop(chain.server)
    log, moment = chain.frames.name, time.monotonic_ns()
    wait_for("the loop to go on without a server", lambda: len(seen_since(chain, log, moment)) == 3, 30)
    check(chain.stop(chain.player) == 0, "the player does not end cleanly")
    picture = chain.folder / "panel.png"
    restart(chain, 2, "--diagnostic", "--screenshot", picture)
    log = chain.frames.name
    wait_for("the loop after a start without a server", lambda: len(seen_since(chain, log, 0)) == 3, 20)
    wait_for("a picture", picture.exists, 20)
    check(chain.stop(chain.player) == 0, "the player does not end cleanly")
    check("cannot" in (chain.folder / "player.log").read_text().lower() or "connect" in (chain.folder / "player.log").read_text().lower(),
          "the log says nothing of the server that is away")


def from_a_mirror(chain):
    """A new store, the server away: all comes from a copy of its data folder."""
    store = chain.screen_store
    for folder in ("blobs", "documents", "incoming", "set-aside"):
        shutil.rmtree(store / folder, ignore_errors=True)
    (store / "active.json").unlink()
    mirror = chain.folder / "mirror"
    mirror.mkdir()
    shutil.copytree(chain.folder / "server" / "release", mirror / "release")
    shutil.copytree(chain.folder / "server" / "blobs", mirror / "blobs")
    restart(chain, 3, "--source", mirror)
    log = chain.frames.name
    wait_for("the loop from the mirror", lambda: len(seen_since(chain, log, 0)) == 3, 30)


def main():
    with chain_for("sync", sys.argv[1]) as chain:
        prepare(chain, chain.folder, CAPSULES)
        restart(chain, 1)
        shown_capsules(chain, 3)
        rotten(chain)
        without_server(chain)
        from_a_mirror(chain)
    print("a rotten file, a server away, a mirror: the loop went on")


if __name__ == "__main__":
    main()
