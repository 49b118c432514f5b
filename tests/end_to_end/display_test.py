#!/usr/bin/env python3
"""display_test.py BIN: the player on displays that change, go away and come back, looked at from outside.

The patience of ten seconds is for machines that are busy with other tests; the time that it really took is printed."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from display import XServer, wait_for, xorg_here

BIN = pathlib.Path(sys.argv[1])
PATIENCE = 10
ORANGE = (240, 128, 32)


def make_clip(folder):
    clip = folder / "orange.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "color=c=0xf08020:s=320x180:r=25:d=1", "-pix_fmt", "yuv420p", "-c:v", "libx264",
                    str(clip)], check=True)
    return clip


def is_orange(pixel):
    return pixel is not None and all(abs(a - b) < 12 for a, b in zip(pixel, ORANGE))


def is_black(pixel):
    return pixel is not None and max(pixel) < 8


class Player:
    def __init__(self, display, *arguments):
        surroundings = {key: value for key, value in os.environ.items() if key not in ("WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
        surroundings["DISPLAY"] = display
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([str(BIN / "capsule-player"), *arguments], env=surroundings, stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.log.seek(0)
        self.text = self.log.read()
        assert code == 0, f"exit {code}: {self.text}"


def server_dies(clip):
    server = XServer()
    with Player(server.name, "--play", str(clip)) as player:
        wait_for(lambda: is_orange(server.pixel((1280, 720), 640, 360)), PATIENCE, "first picture")
        pid = player.process.pid
        server.end(kill=True)
        time.sleep(0.7)
        assert player.process.poll() is None, "the player ended with its display"
        server = XServer("1024x768", number=server.number)
        took = wait_for(lambda: is_orange(server.pixel((1024, 768), 512, 384)), PATIENCE, "picture after the server's death")
        assert player.process.pid == pid and player.process.poll() is None
    server.end()
    print(f"server killed: picture {took:.2f} s after the next one was there")


def bounded_run_ends(clip):
    server = XServer()
    surroundings = {**os.environ, "DISPLAY": server.name}
    player = subprocess.Popen([str(BIN / "capsule-player"), "--play", str(clip), "--for", "60s"], env=surroundings, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: is_orange(server.pixel((1280, 720), 640, 360)), PATIENCE, "first picture")
    server.end(kill=True)
    _, text = player.communicate(timeout=30)
    assert player.returncode == 1 and "display server has ended" in text, (player.returncode, text)


def waits_at_start(clip):
    number = XServer()
    number.end()
    done = subprocess.run([str(BIN / "capsule-player"), "--play", str(clip)], env={**os.environ, "DISPLAY": number.name}, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done
    with Player(number.name, "--play", str(clip), "--wait-for-display") as player:
        time.sleep(0.5)
        assert player.process.poll() is None
        with XServer(number=number.number) as server:
            took = wait_for(lambda: is_orange(server.pixel((1280, 720), 640, 360)), PATIENCE, "picture on a display that came later")
            player.process.send_signal(signal.SIGTERM)
            player.process.wait(timeout=30)
    assert player.text.count("waiting for a display") == 1, player.text
    print(f"display came later: picture {took:.2f} s after it")


def margin_and_rotation(clip):
    with XServer() as server:
        with Player(server.name, "--play", str(clip), "--overscan", "5", "--rotation", "90", "--display", "7") as player:
            wait_for(lambda: is_orange(server.pixel((1280, 720), 640, 360)), PATIENCE, "first picture")
            # 1152 × 648 inside the margin; upright 648 × 1152, so the picture is 648 wide, hence 365 of the display's columns.
            assert is_orange(server.pixel((1280, 720), 640, 38)) and is_black(server.pixel((1280, 720), 640, 34)), "margin above"
            assert is_orange(server.pixel((1280, 720), 640, 681)) and is_black(server.pixel((1280, 720), 640, 685)), "margin below"
            assert is_orange(server.pixel((1280, 720), 470, 360)) and is_black(server.pixel((1280, 720), 450, 360)), "turned"
    assert "there is no display 7" in player.text, player.text


def modes_change(clip, stage):
    with XServer(real=True) as server:
        with Player(server.name, "--play", str(clip), "--stage", stage):
            corner = lambda size: is_orange(server.pixel(size, size[0] - 4, size[1] - 4)) and is_orange(server.pixel(size, 3, 3))
            wait_for(lambda: corner((1280, 720)), PATIENCE, "first picture")
            took = []
            for mode in ((1024, 576), (1280, 720), (640, 360)):
                server.xrandr("--output", "DUMMY0", "--mode", f"{mode[0]}x{mode[1]}", "--fb", f"{mode[0]}x{mode[1]}")
                took.append(wait_for(lambda: corner(mode), PATIENCE, f"picture in mode {mode}"))
            server.xrandr("--output", "DUMMY0", "--off")
            dark = wait_for(lambda: corner((1280, 720)), PATIENCE, "picture on an output that was dark")
    print(f"{stage}: mode changed: picture after {', '.join(f'{t:.2f}' for t in took)} s; output dark: {dark:.2f} s")


def main():
    with tempfile.TemporaryDirectory(prefix="capsule-display.") as name:
        clip = make_clip(pathlib.Path(name))
        server_dies(clip)
        bounded_run_ends(clip)
        waits_at_start(clip)
        margin_and_rotation(clip)
        if xorg_here():
            modes_change(clip, "cpu")
            modes_change(clip, "gpu")
        else:
            print("changes of mode are skipped: they need root, Xorg with its dummy driver, and xrandr")


if __name__ == "__main__":
    main()
