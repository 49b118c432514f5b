#!/usr/bin/env python3
"""keys_test.py BINARIES: who signs for the screens, with the real programs. A root key is made, lost and brought back, leaked and
replaced; the server's keys are stolen and replaced; the release is carried as a folder; a stranger's server is not believed."""
import json
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import chain_for, check  # noqa: E402
from on_air_test import prepare  # noqa: E402


def sync(chain, source, store, code=0):
    """A screen that looks once; one that is to be refused is given a few seconds, since it tries again and again."""
    command = [str(chain.bin / "sync_once"), str(source), str(store)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120 if code == 0 else 4)
        check((done.returncode == 0) == (code == 0), f"sync_once {source}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        check(code == 1, f"sync_once {source} does not end")
        return (late.stdout or b"").decode() + (late.stderr or b"").decode()


def scan(sheet, picture):
    """Reads the QR code of block characters as a phone would: light modules are drawn."""
    rows = []
    for line in sheet.read_text(encoding="utf-8").splitlines():
        if set(line) <= set(" ▀▄█") and "█" in line:
            rows += [[c in "█▀" for c in line], [c in "█▄" for c in line]]
    pixels = [b"".join((b"\xff" if light else b"\0") * 6 for light in row) for row in rows for _ in range(6)]
    picture.write_bytes(b"P5 %d %d 255\n" % (len(pixels[0]), len(pixels)) + b"".join(pixels))
    return subprocess.run(["zbarimg", "--nodbus", "--raw", "-q", str(picture)], capture_output=True, text=True).stdout.strip()


def trusted(store, role):
    return json.loads((store / "trust" / f"{role}.json").read_text())["signed"]


def scenario(chain, folder):
    prepare(chain, folder, {"court": ("Court", 1.2, 25)})
    screen = chain.screen_store
    keys = folder / "server" / "keys"
    sync(chain, chain.url, screen)
    check(trusted(screen, "root")["version"] == 1, "the first contact is the first root")

    # An administrator takes over.
    (folder / "phrase").write_text("une phrase de douze lettres\n", encoding="utf-8")
    phrase = ["--passphrase-file", folder / "phrase"]

    def make(*arguments, **options):
        return chain.run("capsule", "keys", *arguments, **options)
    make("create", *phrase, "--key", folder / "root.key", "--sheet", folder / "sheet.txt")
    check(oct((folder / "root.key").stat().st_mode)[-3:] == "600", "the root key can be read by others")
    check(oct((folder / "sheet.txt").stat().st_mode)[-3:] == "600", "the sheet can be read by others")
    seed = json.loads((folder / "root.key").read_text())
    check(seed["kdf"] == "argon2id", "the root key is not sealed by Argon2id")
    make("create", *phrase, "--key", folder / "root.key", code=1)
    chain.capsule("keys", "sign", *phrase, "--key", folder / "root.key")
    check(not (keys / "provisional-root.key").exists(), "the server kept a root key")
    check("nothing to sign" in chain.capsule("keys", "sign", *phrase, "--key", folder / "root.key").stdout, "signed twice")
    sync(chain, chain.url, screen)
    check(trusted(screen, "root")["version"] == 2, "the screen does not follow the takeover")

    # The key's file is lost: the sheet brings it back.
    (folder / "root.key").rename(folder / "lost.key")
    chain.capsule("keys", "sign", "--renew", *phrase, "--key", folder / "root.key", code=1)
    code = next(line.strip() for line in (folder / "sheet.txt").read_text(encoding="utf-8").splitlines() if line.count("-") == 13)
    wrong = code.replace(code[0], "0" if code[0] != "0" else "1", 1)
    (folder / "code").write_text(wrong, encoding="utf-8")
    make("restore", *phrase, "--key", folder / "root.key", "--code-file", folder / "code", code=1)
    (folder / "code").write_text(code.lower().replace("0", "o"), encoding="utf-8")
    make("restore", *phrase, "--key", folder / "root.key", "--code-file", folder / "code")
    chain.capsule("keys", "sign", "--renew", *phrase, "--key", folder / "root.key")
    if shutil.which("zbarimg"):
        check(scan(folder / "sheet.txt", folder / "sheet.pgm") == code, "the sheet's QR code says something else than its text")

    # The root key leaked: another takes its place, and whoever has the old one signs nothing any more.
    chain.capsule("keys", "rotate", *phrase, "--key", folder / "root.key", "--new-key", folder / "root2.key", "--sheet", folder / "sheet2.txt")
    chain.capsule("keys", "sign", "--renew", *phrase, "--key", folder / "root.key", code=1)
    sync(chain, chain.url, screen)
    check(trusted(screen, "root")["version"] == 4, "the screen does not follow the rotation")

    # The server's keys were stolen and its versions driven up: new keys, and the screens come along.
    stolen = folder / "stolen"
    shutil.copytree(folder / "server" / "release", stolen / "release")
    chain.capsule("keys", "rotate", "--server-keys", *phrase, "--key", folder / "root2.key")
    chain.capsule("publish")
    sync(chain, chain.url, screen)
    check(trusted(screen, "root")["version"] == 5, "the screen does not follow the server's new keys")
    shutil.copy(folder / "server" / "release" / "5.root.json", stolen / "release")
    out = sync(chain, stolen, screen, code=1)
    check("[signatures]" in out, f"what the stolen keys signed is refused for another reason: {out}")
    sync(chain, chain.url, screen)

    # A folder is a source.
    stick = folder / "stick"
    chain.capsule("export", "--to", stick)
    for name in ("other", "third"):  # the same machine, as if its store had been lost
        (folder / name).mkdir()
        shutil.copy(screen / "device.key", folder / name)
    out = sync(chain, stick, folder / "other")
    check("programme 1" in out, f"the folder is not taken: {out}")
    check(any((folder / "other" / "blobs").rglob("?" * 64)), "no film came with the folder")
    sync(chain, stick, screen)
    check("0 of them new" in chain.capsule("export", "--to", stick).stdout, "blobs were exported twice")
    programme = next((stick / "release").glob("*.programme.json"))
    programme.write_bytes(programme.read_bytes().replace(b"Court", b"Longs"))
    check("digest" in sync(chain, stick, folder / "third", code=1), "a changed document is taken from a folder")

    # A stranger's server, at the same address: not believed; and the right one again is, without anybody's hands.
    chain.stop(chain.server)
    (folder / "server").rename(folder / "honest")
    chain.start_server()
    out = sync(chain, chain.url, screen, code=1)
    check("[" in out, f"no code: {out}")
    before = (screen / "active.json").read_bytes()
    chain.stop(chain.server)
    shutil.rmtree(folder / "server")
    (folder / "honest").rename(folder / "server")
    chain.start_server()
    sync(chain, chain.url, screen)
    check((screen / "active.json").read_bytes() == before, "the stranger changed what is in force")


def main():
    with chain_for("keys", sys.argv[1]) as chain:
        scenario(chain, chain.folder)
    print("keys: all holds")


if __name__ == "__main__":
    main()
