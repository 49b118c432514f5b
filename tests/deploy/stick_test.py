#!/usr/bin/env python3
"""stick_test.py BINARIES: many screens at once. `capsule enrol` writes a stick; machines out of the box that know nothing but the place
of the stick come on air, each as another screen; a token that has served, or is too old, is refused in words on the screen and in the log."""
import json
import pathlib
import shutil
import subprocess
import sys

import places  # noqa: F401
from chain import chain_for, check, wait_for
from media import SITES, write_files
from on_air_test import shown_capsules

MORE = """ccas-nanterre,CCAS de Nanterre,Nanterre,92000,92050,48.8924,2.2153,CCAS,,ccas-nanterre-attente,Salle d’attente,1080,4000,0,
mairie-colombes,Mairie de Colombes,Colombes,92700,92025,48.9226,2.2543,MUNI,,,,,,,
"""


def start(chain, folder, name, stick):
    """A machine out of the box: no server told."""
    chain.screen_store = folder / name
    chain.frames = folder / f"frames-{name}.jsonl"

    config = folder / f"{name}.toml"
    config.write_text(f'store = "{chain.screen_store}"\npoll = "1s"\n[[source]]\naddress = "{stick}"\n', encoding="utf-8")
    log = open(folder / f"{name}.log", "a", encoding="utf-8")
    chain.player = subprocess.Popen([str(chain.bin / "capsule-player"), "--config", str(config), "--headless", "--size", "320x180", "--frames-log",
                                     str(chain.frames)], stderr=log, env=chain.environment)


def log_of(folder, name):
    return (folder / f"{name}.log").read_text(encoding="utf-8")


def serving(chain):
    return sorted(entry["screen"] for entry in json.loads(chain.capsule("device", "list", "--json").stdout) if not entry["revoked"])


def stop(chain):
    code = chain.stop(chain.player)
    check(code == 0, f"the player does not end cleanly: {code}")


def scenario(chain, folder):
    for master, meta in write_files(folder, {"court": ("Court", 0.8, 25)}):
        chain.capsule("ingest", master, "--meta", meta, "--store", chain.store)
    chain.start_server()
    chain.sign_in()
    chain.push()
    chain.capsule("publish")
    many = folder / "many.csv"
    many.write_text(SITES + MORE, encoding="utf-8")
    stick = folder / "stick"

    # A machine that knows no server and has no stick waits, and takes the stick when it is plugged in.
    start(chain, folder, "first", stick)
    wait_for("the first machine to wait for a stick", lambda: "plug in a stick of enrolment" in log_of(folder, "first"), 30)
    prepared = json.loads(chain.capsule("enrol", "--sites", many, "--to", folder / "made", "--json").stdout)
    check([ticket["screen"] for ticket in prepared] == ["ccas-nanterre-attente", "fs-antony-hall", "mairie-colombes-ecran"], f"{prepared}")
    check(oct((folder / "made/enrolment/fs-antony-hall.json").stat().st_mode)[-3:] == "600", "tokens can be read by others")
    check("jeton" in (folder / "made/enrolment/LISEZMOI.txt").read_text(encoding="utf-8"), "the stick does not say what it is for")
    tickets = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "made/enrolment").glob("*.json"))]
    check(len({ticket["token"] for ticket in tickets}) == 3, "tokens are the same")
    (folder / "made").rename(stick)
    shown_capsules(chain, 2)
    check(serving(chain) == ["ccas-nanterre-attente"], f"{serving(chain)}")
    check(not any(ticket["token"] in log_of(folder, "first") for ticket in tickets), "a token is in the log")
    stop(chain)
    check(json.loads((folder / "first/server.json").read_text())["server"] == chain.url, "the server is not kept")
    print("a machine out of the box takes its place from the stick")

    # The next takes the next: its first token has served.
    seen = len(chain.showings())
    start(chain, folder, "second", stick)
    shown_capsules(chain, seen + 1)
    check(serving(chain) == ["ccas-nanterre-attente", "fs-antony-hall"], f"{serving(chain)}")
    check("a token of the stick is refused" in log_of(folder, "second") and "was used at" in log_of(folder, "second"), log_of(folder, "second"))
    stop(chain)

    # Without the stick it goes on as what it is.
    shutil.move(stick, folder / "pocket")
    seen = len(chain.showings())
    start(chain, folder, "second", stick)
    wait_for("it to play without the stick", lambda: len(chain.showings()) >= seen + 2, 30)
    stop(chain)
    print("the next machine takes the next token, and needs the stick once")

    # Tokens that are too old, and those of a stick that was prepared again.
    lost = folder / "pocket"
    chain.capsule("enrol", "--sites", many, "--to", stick)
    (stick / "enrolment/ccas-nanterre-attente.json").unlink()
    (stick / "enrolment/fs-antony-hall.json").unlink()
    start(chain, folder, "third", lost)
    wait_for("the refusal", lambda: log_of(folder, "third").count("a token of the stick is refused") >= 3, 30)
    wait_for("the code instead", lambda: "types the code" in log_of(folder, "third"), 30)
    check(serving(chain) == ["ccas-nanterre-attente", "fs-antony-hall"], f"{serving(chain)}")
    stop(chain)
    print("a lost stick is worth nothing once another was made; the machine shows a code")
    chain.capsule("enrol", "--sites", many, "--to", "/proc/nowhere", "--token-file", chain.token, code=1)
    chain.capsule("enrol", "--sites", many, "--to", stick, "--valid-for", "never", "--token-file", chain.token, code=2)


def main():
    with chain_for("stick", sys.argv[1]) as chain:
        scenario(chain, chain.folder)
    print("stick: all holds")


if __name__ == "__main__":
    main()
