"""The real programs, started and stopped by a scenario: a server, a player, the `capsule` command, in a folder of their own."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time


class Failure(AssertionError):
    pass


def check(condition, message):
    if not condition:
        raise Failure(message)


def wait_for(what, condition, patience=60.0):
    """Returns condition()'s first true value; asks ten times a second."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise Failure(f"waited {patience:.0f} s in vain for {what}")


class Chain:
    def __init__(self, binaries, folder):
        self.bin = pathlib.Path(binaries).resolve()
        self.folder = pathlib.Path(folder)
        self.store = self.folder / "content"
        self.token = self.folder / "token.json"
        self.screen_store = self.folder / "screen"
        self.frames = self.folder / "frames.jsonl"
        self.server = self.player = None
        self.port = 0
        self.environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}

    # Programs

    def run(self, program, *arguments, code=0, text_input=None):
        done = subprocess.run([str(self.bin / program), *map(str, arguments)], capture_output=True, text=True, timeout=300,
                              env=self.environment, input=text_input)
        check(done.returncode == code,
              f"{program} {' '.join(map(str, arguments))}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
        return done

    def capsule(self, *arguments, code=0):
        extra = [] if code != 0 or arguments[0] in ("ingest", "samples", "hours") else ["--token-file", self.token]
        return self.run("capsule", *arguments, *extra, code=code)

    def start_server(self, public=True):
        """On the port of the last time, so that a restart is one."""
        out = open(self.folder / "server.out", "w", encoding="utf-8")
        arguments = [str(self.bin / "capsule-server"), "--data", str(self.folder / "server"), "--listen", f"127.0.0.1:{self.port}"]
        if public:
            arguments += ["--public-url", f"http://127.0.0.1:{self.port}"] if self.port else ["--public-url", "http://127.0.0.1:1"]
        self.server = subprocess.Popen(arguments, stdout=out, stderr=open(self.folder / "server.log", "a", encoding="utf-8"),
                                       env=self.environment)
        if not self.port:
            self.port = int(wait_for("the server's address", lambda: (m := re.search(
                r"127\.0\.0\.1:(\d+)", (self.folder / "server.out").read_text() + (self.folder / "server.log").read_text())) and m[1]))
        wait_for("the server", lambda: self.server.poll() is None and self.status("/healthz") == 200)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start_player(self, *arguments, server=None):
        self.player = subprocess.Popen(
            [str(self.bin / "capsule-player"), "--server", server or self.url, "--store", str(self.screen_store), "--headless", "--size", "320x180",
             "--poll", "1s", "--qr-card-for", "2s", "--public-url", self.url, "--frames-log", str(self.frames), *map(str, arguments)],
            stderr=open(self.folder / "player.log", "a", encoding="utf-8"), env=self.environment)

    def stop(self, process, with_signal=signal.SIGTERM, patience=5):
        process.send_signal(with_signal)
        return process.wait(patience)

    def stop_all(self):
        for process in (self.player, self.server):
            if process and process.poll() is None:
                process.kill()
                process.wait()

    def print_logs(self):
        for log in sorted(self.folder.glob("*.log")):
            print(f"--- {log.name}", *log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:], sep="\n", file=sys.stderr)

    # Its people

    def first_link(self):
        """What the server prints at its first start, for the first account."""
        link = re.search(r"http\S+#premier-compte=\S+", (self.folder / "server.out").read_text())
        check(link, "the first start prints no one-time link")
        return link[0]

    def sign_in(self):
        """Makes the first account; what `capsule` is asked for from now on is asked in its name."""
        password = self.folder / "password"
        password.write_text("une phrase assez longue\n")
        self.capsule("login", "--first", self.first_link(), "--login", "essai", "--password-file", password)

    def push(self):
        """The files of media.write_files."""
        self.capsule("push", "--store", self.store, *(self.folder / name for name in ("sites.csv", "accueil.playlist.toml", "defaut.schedule.toml")))

    def enrol_by_key(self):
        """The machine of screen_store, for the one screen of media.SITES."""
        key = self.run("capsule-player", "--store", self.screen_store, "--print-key").stdout.strip()
        self.capsule("device", "add", "--screen", "fs-antony-hall", "--key", key)

    # The server's side

    def request(self, method, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def status(self, path):
        try:
            return self.request("GET", path)[0]
        except OSError:
            return None

    def report(self, by="capsule"):
        return json.loads(self.capsule("report", "--by", by, "--format", "json").stdout)

    def reported(self):
        return {row["key"]: row["showings"] for row in self.report()["rows"] if row["showings"]}

    # The screen's side

    def frames_shown(self):
        """Whole lines of every frames log so far (each start of the player has its own)."""
        frames = []
        for path in sorted(self.folder.glob("frames*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    frames.append({**json.loads(line), "log": path.name})
                except ValueError:
                    pass  # cut by a kill
        return frames

    def showings(self):
        """(log, showing) → item and last moment, of capsules."""
        seen = {}
        for frame in self.frames_shown():
            if frame["kind"] in ("video", "image"):
                seen[frame["log"], frame["showing"]] = (frame["item"], frame["t_ns"])
        return seen


@contextlib.contextmanager
def chain_for(scenario, binaries):
    """A chain in a folder of its own, which goes with it; a scenario that fails shows the ends of its logs. Nothing is left running."""
    with tempfile.TemporaryDirectory(prefix=f"capsule-{scenario}.") as folder:
        chain = Chain(binaries, folder)
        try:
            yield chain
        except Exception:
            chain.print_logs()
            raise
        finally:
            chain.stop_all()
