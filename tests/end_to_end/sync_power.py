#!/usr/bin/env python3
"""sync_power.py BINARIES [--every N] [--only kill|errors|play]: a whole sync and activation, killed at each system call that changes
the disk, and with each system call failing once. Whatever happens, the release before or the new one is in force, whole, and the next
start ends the work. With --only play the player is started on what each kill left, and must show it within five seconds.
--every 5 takes every fifth point only."""
import argparse
import http.server
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import Failure, check  # noqa: E402

CHANGING = ["write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "mkdir", "ftruncate"]
DISK_ERRORS = [(call, error) for call in ("write", "fsync", "rename", "mkdir", "unlink", "openat") for error in ("ENOSPC", "EIO")] + [
    ("read", "EIO"), ("pread64", "EIO"), ("getdents64", "EIO"), ("statfs", "EIO")]
NET_ERRORS = [("recvfrom", "ECONNRESET"), ("sendto", "ECONNRESET"), ("connect", "ECONNREFUSED"), ("socket", "EMFILE"), ("poll", "ENOMEM")]


class Bench:
    def __init__(self, binaries, folder):
        self.bin, self.folder = pathlib.Path(binaries), folder
        self.base, self.work, self.log = folder / "base", folder / "work", folder / "strace.log"
        self.environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0"}
        self.base.mkdir()

    def run(self, *arguments):
        return subprocess.run([str(a) for a in arguments], capture_output=True, text=True, timeout=120, env=self.environment)

    def release(self, number, capsules, size, *media):
        target = self.folder / f"release-{number}"
        done = self.run(self.bin / "make_test_release", target, self.base / "device.key", number, capsules, size, *media)
        check(done.returncode == 0, done.stderr)
        return target

    def sync(self, source, store, attempts=3):
        return self.run(self.bin / "sync_once", source, store, attempts)

    def fresh(self):
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.base, self.work)

    def injected(self, source, what, attempts):
        """Runs one sync with a fault; whether the fault was met, and how the run ended."""
        self.log.unlink(missing_ok=True)
        done = self.run("strace", "-f", "-qq", "-o", self.log, "-e", "trace=" + what.split(":")[0], "-e", "inject=" + what,
                        "-E", "ASAN_OPTIONS=detect_leaks=0", self.bin / "sync_once", source, self.work, attempts)
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        met = "INJECTED" in text or "killed by SIGKILL" in text or done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
        return met, done

    def whole(self, what, new):
        done = self.run(self.bin / "check_store", self.work)
        numbers = [int(line.split()[1]) for line in done.stdout.splitlines()]
        check(done.returncode == 0, f"{what}: what is in force is not whole\n{done.stderr}")
        check(set(numbers) <= ({2} if new else {1, 2}), f"{what}: in force is {numbers}")
        return numbers

    def retry(self, source, what):
        done = self.sync(source, self.work)
        check(done.returncode == 0, f"{what}: the next start does not end the work\n{done.stderr}")
        self.whole(what, True)


def kill_everywhere(bench, source, every, after=None):
    points = olds = 0
    for call in CHANGING:
        for number in range(1, 1000, every):
            bench.fresh()
            what = f"{call}:signal=SIGKILL:when={number}"
            met, _ = bench.injected(source, what, 1)
            if not met:
                break
            points += 1
            numbers = bench.whole(what, False)
            olds += numbers[0] == 1
            if after:
                after(what)
            bench.retry(source, what)
    return points, olds


def fail_everywhere(bench, sources, every):
    points = 0
    for source, faults in sources:
        for call, error in faults:
            for number in range(1, 1000, every):
                bench.fresh()
                what = f"{call}:error={error}:when={number}"
                met, _ = bench.injected(source, what, 1)
                if not met:
                    break
                points += 1
                bench.whole(what, False)
                bench.retry(source, what)
    return points


class Player:
    """Started on what a kill left, without a server."""

    def __init__(self, bench):
        self.bench, self.slowest = bench, 0.0

    def __call__(self, what):
        frames = self.bench.folder / "frames.jsonl"
        frames.unlink(missing_ok=True)
        begun = time.monotonic()
        player = subprocess.Popen([str(self.bench.bin / "capsule-player"), "--server", "http://127.0.0.1:9", "--store", str(self.bench.work),
                                   "--headless", "--size", "160x90", "--frames-log", str(frames)], stderr=subprocess.DEVNULL,
                                  env=self.bench.environment)
        try:
            while not (frames.exists() and '"video"' in frames.read_text()):
                check(player.poll() is None, f"{what}: the player has ended")
                check(time.monotonic() - begun < 5, f"{what}: nothing is played within five seconds")
                time.sleep(0.02)
        finally:
            player.kill()
            player.wait()
        self.slowest = max(self.slowest, time.monotonic() - begun)


def serve(folder):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    server.handle_error = lambda *_: None  # whom the other side left
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def tiny_films(folder):
    films = []
    for name, colour in (("a", "red"), ("b", "blue")):
        films.append(folder / f"{name}.mp4")
        subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", f"color={colour}:size=160x90:rate=25:duration=4", "-c:v", "libx264",
                        "-pix_fmt", "yuv420p", str(films[-1])], check=True)
    return films


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", choices=["kill", "errors", "play"])
    given = parser.parse_args()
    if not shutil.which("strace") or subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"]).returncode != 0:
        print("strace is missing or not allowed here: skipped")
        return 77
    with tempfile.TemporaryDirectory(prefix="capsule-power.") as name:
        folder = pathlib.Path(name)
        bench = Bench(given.binaries, folder)
        films = tiny_films(folder) if given.only == "play" else []
        old, new = bench.release(1, 2, 30_000, *films[:1]), bench.release(2, 3, 30_000, *films)
        done = bench.sync(old, bench.base)
        check(done.returncode == 0, done.stderr)
        if given.only in (None, "kill"):
            points, olds = kill_everywhere(bench, new, given.every)
            check(0 < olds < points, "kills came only before or only after the switch")
            print(f"{points} kills, {olds} before the switch: old or new, whole, every time")
        if given.only in (None, "errors"):
            address = serve(new)
            points = fail_everywhere(bench, [(new, DISK_ERRORS), (address, NET_ERRORS)], given.every)
            print(f"{points} failing calls: never a hole, and the next start ends the work")
        if given.only == "play":
            player = Player(bench)
            points, _ = kill_everywhere(bench, new, given.every, player)
            print(f"{points} kills: playing after {player.slowest:.1f} s at most")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
