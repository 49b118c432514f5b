#!/usr/bin/env python3
"""wrong_input_test.py BINARIES: whatever is given to the three programs that cannot be right ends in one clear line, the exit code
that the design promises (1: it failed, 2: it was called wrongly), and leaves nothing half-done behind."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import chain_for, check, wait_for  # noqa: E402
from media import CAPSULE, PLAYLIST, SITES, make_master  # noqa: E402

CODE = {"capsule": "capsule: ", "capsule-server": "capsule-server: ", "capsule-player": "capsule-player: "}


class Table:
    """Runs one wrong call after the other; remembers what did not hold, so that one run tells all."""

    def __init__(self, chain, folder):
        self.chain, self.folder, self.wrong, self.calls = chain, folder, [], 0

    def expect(self, code, says, program, *arguments, patience=20.0):
        self.calls += 1
        what = f"{program} {' '.join(map(str, arguments))}"
        began = time.monotonic()
        process = subprocess.Popen([str(self.chain.bin / program), *map(str, arguments)], stdin=subprocess.DEVNULL, cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.chain.environment)
        try:
            out, err = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.wrong.append(f"{what}\n    does not end within {patience:.0f} s")
            return
        complaints = []
        if process.returncode != code:
            complaints.append(f"exit code {process.returncode}, not {code}")
        # The player's log of what went well before ("TIME I part: …") is no complaint.
        lines = [line for line in err.splitlines() if not re.match(r"\d\S+ [ID] ", line)]
        heads = [line for line in lines if not line.startswith(" ")]
        if len(heads) != 1 or (lines and lines[0] is not heads[0]):
            complaints.append("not one line")
        elif not heads[0].startswith(CODE[program]):
            complaints.append("the line does not say which program speaks")
        elif not re.search(says, err):
            complaints.append(f"it does not say {says!r}")
        if any(word in err for word in ("terminate called", "what():", "Assertion", "std::", "Sanitizer")):
            complaints.append("it shows the program's inside")
        if out:
            complaints.append(f"something on standard output: {out[:200]!r}")
        if complaints:
            self.wrong.append(f"{what}  ({time.monotonic() - began:.1f} s)\n    {'; '.join(complaints)}\n    {err.strip()!r}")


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def wrong_masters(table, folder):
    store = folder / "content"
    good = CAPSULE.format(id="bon", title="Bon")
    make_master(folder / "bon.mp4", 0.5)
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", str(folder / "son.mp4")], check=True)
    (folder / "texte.mp4").write_text("ceci n’est pas une vidéo\n")
    (folder / "vide.mp4").write_bytes(b"")
    os.mkfifo(folder / "tube")
    for name, text in {"bon": good, "syntaxe": good.replace("theme =", "theme"), "cle": "bogus = 1\n" + good,
                       "type": good.replace('title = "Bon"', "title = 12"), "theme": good.replace("mots-de-passe", "mot-de-pass"),
                       "sans-id": good.replace('id = "bon"\n', ""), "droits": good.replace('music = "none"\n', "")}.items():
        (folder / f"{name}.toml").write_text(text)

    def ingest(code, says, master, meta="bon.toml", to=store):
        table.expect(code, says, "capsule", "ingest", master, "--meta", meta, "--store", to)
    ingest(1, r"absent\.mp4", "absent.mp4")
    ingest(1, r"son\.mp4.*no picture", "son.mp4")
    ingest(1, r"texte\.mp4", "texte.mp4")
    ingest(1, r"vide\.mp4 is empty", "vide.mp4")
    ingest(1, r"tube is not a regular file", "tube")
    ingest(1, r"is not a regular file", folder)
    ingest(1, r"absent\.toml", "bon.mp4", "absent.toml")
    ingest(1, r"syntaxe\.toml:3", "bon.mp4", "syntaxe.toml")
    ingest(1, r"cle\.toml:1.*bogus", "bon.mp4", "cle.toml")
    ingest(1, r"type\.toml:2.*title", "bon.mp4", "type.toml")
    ingest(1, r"theme\.toml:3.*mot-de-pass.*did you mean .mots-de-passe", "bon.mp4", "theme.toml")
    ingest(1, r"sans-id\.toml.*\bid\b", "bon.mp4", "sans-id.toml")
    ingest(1, r"bon\.mp4/magasin", "bon.mp4", to="bon.mp4/magasin")
    ingest(1, r"/proc/magasin", "bon.mp4", to="/proc/magasin")
    check(not files_in(store), f"refused masters left files in the store: {files_in(store)}")


def stays_lit(table, says, store):
    """What is wrong with a screen's store is said, and the screen shows its calm card all the same."""
    done = subprocess.run([str(table.chain.bin / "capsule-player"), "--headless", "--server", "http://127.0.0.1:1", "--store", str(store), "--for", "1s"],
                          capture_output=True, text=True, timeout=30)
    check(done.returncode == 0, f"with the store {store} the player ends with {done.returncode}: {done.stderr}")
    check(re.search(says, done.stderr), f"with the store {store} nothing is said of it: {done.stderr}")


def wrong_calls(table, folder):
    table.expect(2, "subcommand", "capsule")
    table.expect(2, "publishh.*did you mean .publish", "capsule", "publishh")
    table.expect(2, "--bogus", "capsule", "publish", "--bogus")
    table.expect(2, "--meta", "capsule", "ingest", "bon.mp4")
    table.expect(2, "--by", "capsule", "report", "--by", "humeur")
    table.expect(2, "--from", "capsule", "report", "--from", "hier")
    table.expect(2, "--server", "capsule", "login", "--login", "anne", "--password-file", "bon.toml", "--token-file", "jeton.json")
    table.expect(2, "--data", "capsule-server")
    table.expect(2, "--bogus", "capsule-server", "--data", "d", "--listen", "127.0.0.1:0", "--bogus")
    table.expect(2, "--play", "capsule-player")
    table.expect(2, "--bogus", "capsule-player", "--bogus")
    for size in ("grand", "12x", "1x1", "99999x2", "320x180x2", "-320x180"):
        table.expect(2, "--size", "capsule-player", "--play", "bon.mp4", "--headless", f"--size={size}")
    table.expect(2, "--for", "capsule-player", "--play", "bon.mp4", "--headless", "--for", "longtemps")
    table.expect(2, "--loops", "capsule-player", "--play", "bon.mp4", "--headless", "--loops", "0")
    table.expect(2, "--rotation", "capsule-player", "--play", "bon.mp4", "--headless", "--rotation", "45")
    table.expect(2, "--store", "capsule-player", "--headless", "--server", "http://127.0.0.1:1")
    table.expect(2, "--server ecrans", "capsule-player", "--headless", "--server", "ecrans", "--store", "magasin")


def nobody_signed_in(table, folder):
    (folder / "p.playlist.toml").write_text(PLAYLIST + '\n[[item]]\ncapsule = "inconnue"\n')
    signed_out = ["--token-file", folder / "absent.json"]
    table.expect(1, "not signed in.*capsule login", "capsule", "publish", *signed_out)
    table.expect(1, "not signed in.*capsule login", "capsule", "push", "p.playlist.toml", *signed_out)
    table.expect(1, "not signed in.*capsule login", "capsule", "report", *signed_out)
    table.expect(1, r"127\.0\.0\.1:1\b.*check the address", "capsule", "login", "--login", "anne", "--server", "http://127.0.0.1:1",
                 "--password-file", "bon.toml", "--token-file", "jeton.json")
    check(not (folder / "jeton.json").exists(), "a token without a server")


def wrong_servers(table, folder):
    table.expect(1, r"bon\.mp4/data", "capsule-server", "--data", "bon.mp4/data", "--listen", "127.0.0.1:0")
    table.expect(1, r"/proc/data", "capsule-server", "--data", "/proc/data", "--listen", "127.0.0.1:0")
    table.expect(1, r"192\.0\.2\.1.*--listen", "capsule-server", "--data", "d1", "--listen", "192.0.2.1:8000")


def with_a_server(table, chain, folder):
    chain.start_server(public=False)
    table.expect(1, rf"{chain.port}.*(in use|taken).*--listen", "capsule-server", "--data", "d2", "--listen", f"127.0.0.1:{chain.port}")
    table.expect(1, r"server is in use by another capsule-server", "capsule-server", "--data", "server", "--listen", "127.0.0.1:0")
    first = chain.first_link()
    (folder / "court").write_text("abc\n")
    (folder / "mot").write_text("une phrase assez longue\n")
    (folder / "faux").write_text("une autre phrase assez longue\n")
    token = ["--token-file", chain.token]
    table.expect(1, "password|mot de passe", "capsule", "login", "--first", first, "--login", "anne", "--password-file", "court", *token)
    table.expect(1, "link|lien", "capsule", "login", "--first", first[:-4] + "abcd", "--login", "anne", "--password-file", "mot", *token)
    chain.capsule("login", "--first", first, "--login", "anne", "--password-file", folder / "mot")
    table.expect(1, "password|mot de passe", "capsule", "login", "--server", chain.url, "--login", "anne", "--password-file", "faux",
                 "--token-file", "jeton.json")
    check(not (folder / "jeton.json").exists(), "a token with a wrong password")
    table.expect(1, "inconnue.*capsule ingest", "capsule", "push", "p.playlist.toml", "--store", "content", *token)
    (folder / "q.playlist.toml").write_text(PLAYLIST.replace("shuffle", "melange"))
    table.expect(1, r"q\.playlist\.toml.*3.*order", "capsule", "push", "q.playlist.toml", "--store", "content", *token)
    (folder / "sites.csv").write_text(SITES.replace("92002", "92999", 1).replace("id,nom", "id,nomm"))
    table.expect(1, r"sites\.csv", "capsule", "push", "sites.csv", "--store", "content", *token)
    table.expect(1, "ecran-inconnu", "capsule", "device", "add", "--screen", "ecran-inconnu", "--key",
                 chain.run("capsule-player", "--store", chain.screen_store, "--print-key").stdout.strip(), *token)
    check(chain.stop(chain.server) == 0, "the server does not end cleanly")


def wrong_screens(table, chain, folder):
    table.expect(1, r"absent\.mp4", "capsule-player", "--headless", "--play", "absent.mp4")
    table.expect(1, r"not a regular file", "capsule-player", "--headless", "--play", folder)
    table.expect(1, r"tube.*not a regular file", "capsule-player", "--headless", "--play", "tube")
    table.expect(1, r"texte\.mp4", "capsule-player", "--headless", "--play", "texte.mp4")
    table.expect(1, r"absent/f\.jsonl", "capsule-player", "--headless", "--play", "bon.mp4", "--frames-log", "absent/f.jsonl")
    table.expect(1, r"--screenshot.*absent", "capsule-player", "--headless", "--play", "bon.mp4", "--screenshot", "absent/x.png")
    stays_lit(table, r"bon\.mp4/magasin", folder / "bon.mp4/magasin")
    stays_lit(table, r"/proc/magasin", "/proc/magasin")
    table.expect(1, r"/proc/magasin", "capsule-player", "--print-key", "--store", "/proc/magasin")
    table.expect(1, r"absent\.toml", "capsule-player", "--config", "absent.toml")
    for name, text, says in (("a", "server = \n", "line 1"), ("b", 'server = "http://x"\nbogus = 1\n', "line 2.*bogus.*server"),
                             ("c", "server = 12\n", "line 1.*server.*quotes"), ("d", 'poll = "souvent"\n', "line 1.*poll.*60s")):
        (folder / f"{name}.toml").write_text(text)
        table.expect(2, rf"{name}\.toml {says}", "capsule-player", "--config", f"{name}.toml", "--store", "magasin")
    key = folder / "cle-abimee"
    key.mkdir()
    (key / "device.key").write_text("abc\n")
    stays_lit(table, r"device\.key", key)
    check(not (folder / "magasin").exists(), "a wrong player.toml made a store")

    # One store, two players.
    chain.port = 1
    chain.start_player()
    wait_for("the first picture", lambda: chain.frames.exists() and chain.frames.stat().st_size > 0, 20)
    table.expect(1, r"screen is in use by another capsule-player.*--store", "capsule-player", "--headless", "--server",
                 "http://127.0.0.1:1", "--store", chain.screen_store)
    check(chain.stop(chain.player, signal.SIGTERM) == 0, "the player does not end cleanly")


def full_disk(table, folder):
    """On a small file system of its own, where that is permitted."""
    small = folder / "petit"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True).returncode != 0:
        print("no file system can be mounted here: the full disk is not tried")
        return
    try:
        filler = small / "plein"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        before = files_in(small)
        full = r"petit.*(No space left|full|no room|free)"
        table.expect(1, full, "capsule", "ingest", "bon.mp4", "--meta", "bon.toml", "--store", small / "contenu")
        check(files_in(small) == before, f"a full disk keeps halves: {files_in(small)}")
        table.expect(1, full, "capsule-server", "--data", small / "serveur", "--listen", "127.0.0.1:0")
        stays_lit(table, r"petit", small / "ecran")
    finally:
        subprocess.run(["umount", str(small)], check=True)


def main():
    with chain_for("wrong", sys.argv[1]) as chain:
        folder = chain.folder
        table = Table(chain, folder)
        wrong_masters(table, folder)
        wrong_calls(table, folder)
        nobody_signed_in(table, folder)
        wrong_servers(table, folder)
        with_a_server(table, chain, folder)
        wrong_screens(table, chain, folder)
        full_disk(table, folder)
        check(not table.wrong, f"{len(table.wrong)} of {table.calls} wrong calls:\n" + "\n".join(table.wrong))
        print(f"wrong input: {table.calls} calls, each refused well")


if __name__ == "__main__":
    main()
