#!/usr/bin/env python3
"""notify_test.py BINARIES: what the real programs tell whoever started them, by systemd's protocol."""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

import places  # noqa: F401
from chain import check, wait_for
from media import make_master


class Listener:
    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.setblocking(False)
        self.heard = []

    def listen(self):
        try:
            while True:
                self.heard.append((time.monotonic(), self.socket.recv(4096).decode()))
        except BlockingIOError:
            return [message for _, message in self.heard]

    def environment(self, watchdog):
        return {**os.environ, "NOTIFY_SOCKET": str(self.path), "WATCHDOG_USEC": str(int(watchdog * 1e6)), "LANG": "C.UTF-8"}


def end(process):
    process.send_signal(signal.SIGTERM)
    return process.wait(20)


def server_tells(binaries, folder):
    listener = Listener(folder / "server.notify")
    first = folder / "first-account"
    with open(folder / "server.out", "w", encoding="utf-8") as out:
        server = subprocess.Popen([binaries / "capsule-server", "--data", folder / "data", "--listen", "127.0.0.1:0", "--first-account-file", first,
                                   "--public-url", "https://ecrans.example.fr"], stdout=out, stderr=subprocess.DEVNULL, env=listener.environment(0.9))
    try:
        wait_for("the server's word that it is ready", lambda: "READY=1" in listener.listen(), 60)
        check("listening on" in (folder / "server.out").read_text(), "ready before it listens")
        check("premier-compte" not in (folder / "server.out").read_text(), "the link of the first account is printed although a file was named")
        check(first.read_text().startswith("https://ecrans.example.fr/console#premier-compte="), first.read_text())
        check(oct(first.stat().st_mode)[-3:] == "600", "the link of the first account can be read by others")
        wait_for("signs of life", lambda: listener.listen().count("WATCHDOG=1") >= 3, 20)
        # Stopped in its tracks it says nothing more: that is what the watchdog is for.
        server.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        before = listener.listen().count("WATCHDOG=1")
        time.sleep(1.5)
        check(listener.listen().count("WATCHDOG=1") == before, "a server that is stopped is said to be alive")
        server.send_signal(signal.SIGCONT)
    finally:
        code = end(server)
    check(code == 0 and listener.listen()[-1] == "STOPPING=1", f"{code}, {listener.listen()[-3:]}")
    print("the server tells when it is ready, that it is alive, and that it ends")


def player_tells(binaries, folder):
    make_master(folder / "clip.mp4", 2)
    listener = Listener(folder / "player.notify")
    player = subprocess.Popen([binaries / "capsule-player", "--play", folder / "clip.mp4", "--headless", "--size", "320x180", "--frames-log",
                               folder / "frames"], stderr=subprocess.DEVNULL, env=listener.environment(30))
    try:
        wait_for("the player's word that it is ready", lambda: "READY=1" in listener.listen(), 60)
        check((folder / "frames").exists(), "ready before a picture was shown")
        wait_for("signs of life", lambda: listener.listen().count("WATCHDOG=1") >= 3, 20)
        moments = [at for at, message in listener.heard if message == "WATCHDOG=1"]
        check(len(moments) <= 3 + moments[-1] - moments[0], "more signs of life than one a second")
    finally:
        code = end(player)
    check(code == 0 and "STOPPING=1" in listener.listen(), f"{code}, {listener.listen()[-3:]}")

    # Without a picture it may run as long as it likes: it is neither ready nor alive.
    blind = Listener(folder / "blind.notify")
    environment = {**blind.environment(30), "SDL_VIDEODRIVER": "x11", "DISPLAY": ":99999"}
    player = subprocess.Popen([binaries / "capsule-player", "--play", folder / "clip.mp4", "--wait-for-display"], stderr=subprocess.DEVNULL, env=environment)
    try:
        time.sleep(3)
        check(player.poll() is None, "a player without a display ends although it is to wait")
        check(not [message for message in blind.listen() if message in ("READY=1", "WATCHDOG=1")], f"a player without a display is alive: {blind.listen()}")
    finally:
        end(player)
    print("the player tells it from pictures only")


def main():
    binaries = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="capsule-notify.") as folder:
        server_tells(binaries, pathlib.Path(folder))
        player_tells(binaries, pathlib.Path(folder))
    print("notify: all holds")


if __name__ == "__main__":
    main()
