"""X servers to be killed and changed, and what they show."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

XORG = """Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "Device"
  Identifier "d"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "m"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
EndSection
Section "Screen"
  Identifier "s"
  Device "d"
  Monitor "m"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1280x720"
    Virtual 1920 1080
  EndSubSection
EndSection
"""


def xorg_here():
    drivers = pathlib.Path("/usr/lib/xorg/modules/drivers/dummy_drv.so")
    return os.geteuid() == 0 and drivers.exists() and shutil.which("Xorg") and shutil.which("xrandr")


class XServer:
    """Xvfb, or Xorg with its dummy driver, on a display number that nobody uses."""

    def __init__(self, size="1280x720", number=None, real=False):
        self.folder = tempfile.TemporaryDirectory(prefix="capsule-x.")
        folder = pathlib.Path(self.folder.name)
        read, write = os.pipe()
        where = [f":{number}"] if number is not None else []
        if real:
            (folder / "xorg.conf").write_text(XORG)
            command = ["Xorg", *where, "-config", str(folder / "xorg.conf"), "-logfile", str(folder / "log"), "-noreset", "-novtswitch", "-sharevts",
                       "vt7"]
        else:
            command = ["Xvfb", *where, "-screen", "0", f"{size}x24", "-noreset"]
        self.process = subprocess.Popen([*command, "-displayfd", str(write), "-nolisten", "tcp"], pass_fds=[write], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            said = pipe.readline().strip()
        if not said:
            raise RuntimeError(f"{command[0]} does not start")
        self.number = int(said)
        self.name = f":{self.number}"

    def end(self, kill=False):
        self.process.kill() if kill else self.process.terminate()
        self.process.wait()
        for leftover in (f"/tmp/.X{self.number}-lock", f"/tmp/.X11-unix/X{self.number}"):
            pathlib.Path(leftover).unlink(missing_ok=True)
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def xrandr(self, *arguments):
        subprocess.run(["xrandr", "--display", self.name, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def pixel(self, size, x, y):
        """The colour at a place, red, green, blue; None when the screen is not of that size."""
        done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "x11grab", "-draw_mouse", "0", "-video_size", f"{size[0]}x{size[1]}", "-i",
                               self.name, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"], capture_output=True, timeout=60)
        at = (y * size[0] + x) * 3
        return tuple(done.stdout[at:at + 3]) if len(done.stdout) == size[0] * size[1] * 3 else None


def wait_for(condition, patience, what):
    """Seconds until it held."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if condition():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {patience} s")
