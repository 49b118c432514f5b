#!/usr/bin/env python3
"""crash_points.py BINARIES: the journal's writer is killed by strace at each of its writing system calls in turn, and for each of them
the disk is full from there on. Every row that it called durable is there afterwards. Needs strace."""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import check  # noqa: E402

CALLS = "pwrite64,fdatasync,fsync,rename,unlink,ftruncate,openat"
SPACE = "pwrite64,openat"
DEVICE = "5f0c9a1e22b47d10"


def write(binaries, store, fault):
    """Fourteen rows in segments of four. What was promised, and whether the fault struck."""
    done = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", fault, str(binaries / "write_journal"), str(store), "4",
                           "14", DEVICE], capture_output=True, text=True, timeout=60)
    return [line.split() for line in done.stdout.splitlines() if line.count(" ") == 1], done.returncode != 0


def kept(binaries, store, folder):
    told = subprocess.run([str(binaries / "drain_journal"), str(store), DEVICE, str(folder / "kept")], capture_output=True, text=True, timeout=60)
    check(told.returncode == 0, told.stderr)
    rows = [json.loads(line) for line in (folder / "kept").read_text().splitlines()]
    return {(row["journal"], str(row["seq"])) for row in rows}, json.loads(told.stdout), rows


def enumerate_points(binaries, name, fault):
    points = promised = 0
    for number in range(1, 1000):
        with tempfile.TemporaryDirectory(prefix="capsule-points.") as text:
            folder = pathlib.Path(text)
            said, struck = write(binaries, folder / "store", fault.format(number))
            there, told, rows = kept(binaries, folder / "store", folder)
            marks = [row["boot_start_ms"] for row in rows if row["kind"] == "showing"]
            missing = [row for row in said if tuple(row) not in there]
            check(not missing and told["forks"] == 0 and len(marks) == len(set(marks)), f"{name} at call {number}: {missing} {told}")
            promised += len(said)
        if not struck:
            break
        points += 1
    check(points > 40, f"only {points} points: is strace at work?")
    print(f"{name}: {points} points, {promised} promised rows, 0 lost, 0 doubled")


def main():
    binaries = pathlib.Path(sys.argv[1])
    enumerate_points(binaries, "killed", "inject=" + CALLS + ":signal=SIGKILL:when={}")
    enumerate_points(binaries, "disk full", "inject=" + SPACE + ":error=ENOSPC:when={}+")


if __name__ == "__main__":
    main()
