#!/usr/bin/env python3
"""backup_test.py BINARIES: a server's data are copied while it works, it loses what came after, and the copy takes its place: accounts, keys,
release, rows. A screen that has seen later versions follows again, and sends again what the copy lacks. A damaged copy is refused."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

from places import DEPLOY, need
from chain import chain_for, check, wait_for
from on_air_test import prepare, shown_capsules


def script(name, *arguments, code=0):
    done = subprocess.run([DEPLOY / "server" / name, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    check(done.returncode == code, f"{name} {arguments}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    if code:
        check(len(done.stderr.strip().splitlines()) == 1, f"{name} complains in more than a line: {done.stderr}")
    return done.stdout + done.stderr


def backup(folder, *arguments):
    return pathlib.Path(script("backup", *arguments, folder / "server", folder / "copies").strip())


def programme(chain):
    return json.loads(chain.capsule("screens", "--json").stdout)[0]["programme"]


def shown(chain):
    return chain.report()["total"]["showings"]


def damaged(folder, copy, name, where):
    """A copy of the copy with one byte changed."""
    broken = folder / "broken"
    shutil.rmtree(broken, ignore_errors=True)
    shutil.copytree(copy, broken)
    path = broken / name
    data = bytearray(path.read_bytes())
    data[where if where >= 0 else len(data) // 2] ^= 0xFF
    path.chmod(0o600)
    path.write_bytes(data)
    return broken


def copies_are_whole(chain, folder):
    first = backup(folder)
    for path in (first, first / "keys", first / "server.db"):
        check(oct(path.stat().st_mode)[-2:] == "00", f"{path.name} of the copy can be read by others")
    check(list((first / "keys").iterdir()) and (first / "release/timestamp.json").exists(), "keys or release are not in the copy")
    wait_for("more showings", lambda: shown(chain) > 3, 40)
    second = backup(folder)
    blobs = sorted((second / "blobs").rglob("*"))
    files = [path for path in blobs if path.is_file()]
    check(files and all(path.stat().st_nlink == 2 for path in files), "capsules that did not change take room twice")
    third = backup(folder, "--keep", "2")
    kept = sorted(path.name for path in (folder / "copies").iterdir() if not path.name.startswith("."))
    check(kept == sorted([second.name, third.name]), f"--keep 2 leaves {kept}")
    check(not list((folder / "copies").glob(".part*")), "something half made is left")
    script("backup", folder / "nowhere", folder / "copies", code=1)
    return third


def scenario(chain, folder):
    prepare(chain, folder, {"court": ("Court", 0.8, 25)})
    phrase = folder / "phrase"
    phrase.write_text("une phrase de douze lettres\n", encoding="utf-8")
    root_key = ["--passphrase-file", phrase, "--key", folder / "root.key"]
    chain.run("capsule", "keys", "create", *root_key, "--sheet", folder / "sheet.txt")
    chain.capsule("keys", "sign", *root_key)
    chain.start_player()
    shown_capsules(chain, 2)
    wait_for("showings in the report", lambda: shown(chain), 40)
    copy = copies_are_whole(chain, folder)
    print("copies are whole, closed to others, and share what did not change")

    # What comes after the copy: another programme, which the screen takes, and more rows.
    was = programme(chain)
    text = (folder / "accueil.playlist.toml").read_text(encoding="utf-8")
    (folder / "accueil.playlist.toml").write_text(text.replace('"10min"', '"9min"'), encoding="utf-8")
    chain.push()
    chain.capsule("publish")
    wait_for("the later programme on the screen", lambda: (programme(chain) or 0) > was, 30)
    before = wait_for("later showings", lambda: (n := shown(chain)) > 6 and n, 40)

    script("restore", copy, folder / "server", code=1)  # it runs
    check(chain.stop(chain.server, patience=20) == 0, "the server does not end cleanly")
    check("damaged" in script("restore", damaged(folder, copy, "server.db", -1), folder / "server", code=1), "a damaged database")
    blob = next(path for path in (copy / "blobs").rglob("*") if path.is_file()).relative_to(copy)
    check("damaged" in script("restore", damaged(folder, copy, blob, 5), folder / "server", code=1), "a damaged file of a capsule")
    key = next((copy / "keys").glob("*.key")).relative_to(copy)
    check("damaged" in script("restore", damaged(folder, copy, key, 3), folder / "server", code=1), "a damaged key")
    check((folder / "server/server.db").exists() and not list(folder.glob("server.*before*")), "a refused copy has touched the data")
    print("damaged copies are refused, nothing is touched")

    said = script("restore", copy, folder / "server")
    check("keys rotate --server-keys" in said, f"what is left to do is not said: {said}")
    check(len(list(folder.glob("server.before-*"))) == 1, "what was there is gone")
    check(os.stat(folder / "server").st_uid == os.stat(next(folder.glob("server.before-*"))).st_uid, "another owner")
    start = len((folder / "player.log").read_text(encoding="utf-8"))
    chain.start_server()
    check(programme(chain) is not None, "the account of before does not work any more")
    wait_for("the screen's rows again", lambda: shown(chain) >= before, 60)
    print("accounts work; what the copy lacked came again from the screen")

    wait_for("the screen's word that this is older than what it has seen",
             lambda: "[rollback]" in (folder / "player.log").read_text(encoding="utf-8")[start:], 40)
    chain.capsule("keys", "rotate", "--server-keys", *root_key)
    chain.push()
    chain.capsule("publish")
    restored = len(chain.showings())
    wait_for("the screen follows again", lambda: programme(chain) == was + 1 and not problem(chain), 60)
    shown_capsules(chain, restored + 2)
    verified = chain.capsule("ledger", "verify").stdout
    print("the screen follows again;", verified.strip().splitlines()[-1])


def problem(chain):
    return json.loads(chain.capsule("screens", "--json").stdout)[0]["reason"]


def main():
    need("sqlite3")
    with chain_for("backup", sys.argv[1]) as chain:
        scenario(chain, chain.folder)
    print("backup: all holds")


if __name__ == "__main__":
    main()
