"""A private Xvfb screen, looked at from outside while a program plays coded clips on it.

Xvfb keeps its frame buffer in a file that can be mapped. A thread reads sixteen pixels of it some 500 times a second (no traffic with X,
about 4 % of a core) and notes each change: so the first frame, the frames really shown, how long each stayed and what lay between two
items are known without the player's help. CPU and memory are those of the player's whole tree of processes, from /proc."""
import ctypes
import mmap
import os
import pathlib
import pwd
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time

from showings import DARK, OTHER, ROOT_WINDOW

TICK, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
OPENBOX = ('<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc"><applications><application class="*">'
           "<decor>no</decor><fullscreen>yes</fullscreen><position force=\"yes\"><x>0</x><y>0</y></position></application>"
           "</applications></openbox_config>")


def adopt_orphans():
    """From now on processes whose parent ended belong to this one, so that their CPU is counted."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def player_user():
    """Who players run as: nobody may have root's privileges here, and some players refuse them."""
    if os.getuid() != 0:
        return {}
    for name in ("bench", "nobody"):
        try:
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        except KeyError:
            continue
    return {}


def processes():
    """pid → (parent, seconds of its own, seconds of its ended children, resident bytes)"""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                text = pathlib.Path("/proc", name, "stat").read_text()
            except OSError:
                continue
            field = text[text.rindex(")") + 2:].split()
            found[int(name)] = (int(field[1]), (int(field[11]) + int(field[12])) / TICK, (int(field[13]) + int(field[14])) / TICK,
                                int(field[21]) * PAGE)
    return found


def proportional_memory(pid):
    try:
        for line in pathlib.Path("/proc", str(pid), "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


class Screen:
    """with Screen((1920, 1080)) as screen: …"""

    def __init__(self, size=(1920, 1080), rate=500):
        self.size, self.rate = size, rate
        self.events = []  # (monotonic time, code or one of the above)
        self.helpers = []

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="capsule-bench.", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
        self.folder.chmod(0o755)
        read, write = os.pipe()
        width, height = self.size
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-fbdir", str(self.folder),
                                   "-nolisten", "tcp", "-ac", "-s", "0", "-noreset"], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        self.server = server
        with os.fdopen(read) as told:
            self.display = ":" + told.readline().strip()
        self.helpers.append(server)
        self.environment = dict(os.environ, DISPLAY=self.display, SDL_AUDIODRIVER="dummy")
        subprocess.run(["xsetroot", "-solid", "#ff00ff"], env=self.environment, check=True)
        if shutil.which("openbox"):  # some players fill the screen only where somebody manages windows
            settings = self.folder / "openbox.xml"
            settings.write_text(OPENBOX)
            self.helpers.append(subprocess.Popen(["openbox", "--config-file", str(settings)], env=self.environment,
                                                 stderr=subprocess.DEVNULL))
            time.sleep(0.7)
        file = open(self.folder / "Xvfb_screen0", "rb")
        self.pixels = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self.pixels[:100])
        row = header[0] + header[19] * 12 + (height // 16) * header[12]
        self.places = [row + 4 * int((cell + 0.5) * width / 16) + 1 for cell in range(16)]
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        for helper in reversed(self.helpers):
            helper.terminate()
            helper.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _look(self):
        value = [self.pixels[place] for place in self.places]
        if value[0] > 140 and value[1] < 110:
            number = 0
            for green in value[2:]:
                number = number * 2 + (green > 125)
            return number
        if max(value) < 40:
            return ROOT_WINDOW if self.pixels[self.places[0] - 1] > 200 else DARK  # the root window is magenta
        return OTHER

    def _watch(self):
        try:  # seen late is measured late: before others, where one may
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -15)
        except PermissionError:
            pass
        last = None
        while not self.over.is_set():
            code = self._look()
            if code != last and code == self._look():
                self.events.append((time.monotonic(), code))
                last = code
            time.sleep(1 / self.rate)

    def picture(self, to):
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "x11grab", "-video_size", "%dx%d" % self.size, "-i", self.display,
                        "-frames:v", "1", str(to)], check=True)


class Player:
    """A command on the screen, from its start until it is ended."""

    def __init__(self, screen, command, log=os.devnull, environment=None):
        self.screen = screen
        self.helpers = {helper.pid for helper in screen.helpers}
        self.children_before = sum(os.times()[2:4])
        who = player_user()
        surroundings = dict(screen.environment, **(environment or {}))
        if who:
            home = tempfile.mkdtemp(prefix="home.", dir=screen.folder)
            os.chown(home, who["user"], who["group"])
            surroundings.update(HOME=home, XDG_RUNTIME_DIR=home)
        with open(log, "ab") as output:
            self.started = time.monotonic()
            self.process = subprocess.Popen(command, env=surroundings, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **who)

    def tree(self):
        children = {}
        everything = processes()
        for pid, (parent, *_) in everything.items():
            children.setdefault(parent, []).append(pid)
        pids, todo = [], [pid for pid in children.get(os.getpid(), []) if pid not in self.helpers]
        while todo:
            pid = todo.pop()
            pids.append(pid)
            todo += children.get(pid, [])
        return pids, everything

    def cpu(self):
        """Seconds so far: of the player, of the X server."""
        pids, everything = self.tree()
        seconds = sum(everything[pid][1] + everything[pid][2] for pid in pids) + sum(os.times()[2:4]) - self.children_before
        return seconds, everything[self.screen.server.pid][1]

    def memory(self):
        """MiB: each page shared with others is counted in part (PSS)."""
        return sum(proportional_memory(pid) for pid in self.tree()[0])

    def descriptors(self):
        count = 0
        for pid in self.tree()[0]:
            try:
                count += len(os.listdir(f"/proc/{pid}/fd"))
            except OSError:
                pass
        return count

    def running(self):
        return self.process.poll() is None

    def first_frame(self, patience=25):
        """When the first coded frame was seen; None when none came."""
        seen = 0
        while time.monotonic() < self.started + patience and (self.running() or seen < len(self.screen.events)):
            for when, code in self.screen.events[seen:]:
                seen += 1
                if code >= 0 and when > self.started:
                    return when
            time.sleep(0.005)
        return None

    def end(self):
        """Ends it and all that it started."""
        if self.running():
            self.process.terminate()
        until = time.monotonic() + 3
        while time.monotonic() < until and (self.running() or self.tree()[0]):
            time.sleep(0.02)
            self._collect()
        for pid in self.tree()[0]:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        while self.tree()[0]:
            time.sleep(0.02)
            self._collect()

    def _collect(self):
        for pid in self.tree()[0]:
            if pid != self.process.pid:
                try:
                    os.waitpid(pid, os.WNOHANG)
                except OSError:
                    pass
        self.process.poll()
