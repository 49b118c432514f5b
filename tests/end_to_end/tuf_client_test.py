#!/usr/bin/env python3
"""tuf_client_test.py BINARIES: the command line of capsule-tuf-client, as the framework's conformance tests call it: what it asks for,
in which order, what it leaves in its folder, and how it ends."""
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import Failure, check  # noqa: E402

ROLES = ("root", "timestamp", "snapshot", "targets")


class Repository:
    """A folder of files behind an address, and what was asked for since the last look."""

    def __init__(self, folder):
        self.asked = asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=str(folder))

            def log_message(self, *_):
                pass

            def do_GET(self):
                asked.append(self.path.rsplit("/", 1)[1])
                super().do_GET()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}/release"

    def take_asked(self):
        asked = list(self.asked)
        self.asked.clear()
        return asked


def scenario(binaries, folder):
    source, trusted, files = folder / "source", folder / "trusted", folder / "files"
    release = source / "release"

    def publish(number):
        done = subprocess.run([binaries / "make_test_release", source, folder / "device.key", str(number), "1", "100"], capture_output=True, text=True)
        check(done.returncode == 0, done.stderr)
    publish(1)
    repository = Repository(source)

    def client(*arguments, code=0):
        done = subprocess.run([binaries / "capsule-tuf-client", "--metadata-dir", trusted, *arguments], capture_output=True, text=True, timeout=60)
        check(done.returncode == code, f"{arguments}: {done.returncode}\n{done.stderr}")
        check(code == 0 or len(done.stderr.splitlines()) == 1, f"{arguments}: not one line\n{done.stderr}")
        return repository.take_asked()

    def download(*names, code=0):
        options = [part for name in names for part in ("--target-name", name)]
        return client("--metadata-url", repository.url, *options, "--target-base-url", repository.url, "--target-dir", files, "download", code=code)

    def kept():
        return {path.name: path.read_bytes() for path in trusted.iterdir() if path.is_file()} if trusted.exists() else {}

    # init: one file, no request; a root that is none is trusted by nobody.
    (folder / "bad.json").write_bytes((release / "1.root.json").read_bytes().replace(b'"version":1', b'"version":2'))
    check(client("init", folder / "bad.json", code=1) == [], "a request at init")
    check("root.json" not in kept(), "a root that is not signed is trusted")
    check(client("init", release / "1.root.json") == [], "a request at init")
    check(kept() == {"root.json": (release / "1.root.json").read_bytes()}, f"after init: {list(kept())}")

    # refresh: the four files, byte for byte; once more: only what may have changed.
    asked = client("--metadata-url", repository.url, "refresh")
    check(asked == ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"], f"{asked}")
    check(kept() == {f"{role}.json": (release / (f"{role}.json" if role == "timestamp" else f"1.{role}.json")).read_bytes() for role in ROLES},
          f"after refresh: {list(kept())}")
    check(client("--metadata-url", repository.url, "refresh") == ["2.root.json", "timestamp.json"], "a second refresh asks for more")

    # download: in order, each once, and what is there and right not again.
    targets = json.loads(kept()["targets.json"])["signed"]["targets"]
    name_of = {name: f"{entry['hashes']['sha256']}.{name}" for name, entry in targets.items()}
    asked = download("now.json", "programme.json")
    check(asked[2:] == [name_of["now.json"], name_of["programme.json"]], f"{asked}")
    check((files / "programme.json").read_bytes() == (release / name_of["programme.json"]).read_bytes(), "another target came")
    check(download("programme.json", "now.json")[2:] == [], "what is there is fetched again")
    (files / "now.json").write_text("{}")
    check(download("now.json")[2:] == [name_of["now.json"]], "a target that is wrong there is not fetched again")

    # The first that fails is the last, and what came before it stays.
    (files / "now.json").unlink()
    asked = download("now.json", "nobody.json", "fleet.json", code=1)
    check(asked[2:] == [name_of["now.json"]], f"{asked}")
    check((files / "now.json").exists() and not (files / "fleet.json").exists(), "not stopped at the first failure")
    check(download("../../escaped.json", code=1)[2:] == [], "a name that is not signed was asked for")
    (release / name_of["fleet.json"]).write_bytes(b"x" * targets["fleet.json"]["length"])
    download("fleet.json", code=1)
    check(not (files / "fleet.json").exists(), "wrong bytes are kept as a target")

    # What is refused changes nothing that is trusted.
    before, old = kept(), (release / "timestamp.json").read_bytes()
    publish(2)
    client("--metadata-url", repository.url, "refresh")
    check(kept()["timestamp.json"] != before["timestamp.json"], "a new release is not followed")
    before = kept()
    (release / "timestamp.json").write_bytes(old)
    client("--metadata-url", repository.url, "refresh", code=1)
    check(kept() == before, "a refused refresh changes what is trusted")

    # Called wrongly.
    client("--metadata-url", repository.url, "download", code=1)
    client("refresh", code=1)


def main():
    with tempfile.TemporaryDirectory(prefix="capsule-tuf.") as name:
        scenario(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(name))
    print("the framework's client: all holds")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
