#!/usr/bin/env python3
"""units_test.py BINARIES: units and scripts of deploy/, as far as they can be judged without a running systemd."""
import os
import pathlib
import re
import subprocess
import tempfile

from places import DEPLOY, need
from chain import check


def scripts_are_polite():
    for script in ("demo", "install-packages", "package/build", "server/install", "server/backup", "server/restore", "screen/install", "screen/setup"):
        path = DEPLOY / script
        check(os.access(path, os.X_OK), f"{script} cannot be run")
        helped = subprocess.run([path, "--help"], capture_output=True, text=True)
        check(helped.returncode == 0 and len(helped.stdout.splitlines()) >= 3 and not helped.stderr, f"{script} --help: {helped}")
        wrong = subprocess.run([path, "--no-such-thing"], capture_output=True, text=True)
        check(wrong.returncode == 2 and wrong.stderr, f"{script} takes an argument that it does not know: {wrong}")
    for arguments in (["--server", "ecrans.example.fr"], ["--rotation", "45"], ["--server"], ["--root", "/nowhere"], ["--connector", "a b"]):
        wrong = subprocess.run([DEPLOY / "screen/install", *arguments], capture_output=True, text=True)
        check(wrong.returncode == 2 and len(wrong.stderr.splitlines()) == 1, f"screen/install {arguments}: {wrong}")
    for arguments in (["--domain", "a.example"], ["--listen", "8092"], ["--public-url", "ecrans"], ["--packages", "/nowhere"]):
        wrong = subprocess.run([DEPLOY / "server/install", *arguments], capture_output=True, text=True)
        check(wrong.returncode == 2 and len(wrong.stderr.splitlines()) == 1, f"server/install {arguments}: {wrong}")


def judge(analyze, unit, folder):
    security = subprocess.run([analyze, "security", "--no-pager", "--offline=true", "--threshold=20", unit], capture_output=True, text=True)
    check(security.returncode == 0, f"{unit.name} is not closed enough\n{security.stdout[-400:]}{security.stderr}")
    print(re.sub(r"[^ -~]+", "", security.stdout.splitlines()[-1]).strip())


def main():
    scripts_are_polite()
    analyze = need("systemd-analyze")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        units = sorted([*DEPLOY.glob("*/*.service"), *DEPLOY.glob("*/*.timer"), *DEPLOY.glob("*/*.mount")])
        check(len(units) >= 5, f"units are missing: {units}")
        for unit in units:
            # The programs are not installed here; whether they are there is the installation's matter.
            text = re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", unit.read_text(encoding="utf-8"), flags=re.M)
            (folder / unit.name).write_text(text, encoding="utf-8")
        for unit in units:
            said = subprocess.run([analyze, "verify", "--man=no", folder / unit.name], capture_output=True, text=True)
            check(said.returncode == 0 and unit.name not in said.stderr, f"{unit.name}: {said.stderr}")
            if unit.suffix == ".service":
                judge(analyze, folder / unit.name, folder)
        (folder / "open.service").write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
        bare = subprocess.run([analyze, "security", "--offline=true", "--threshold=20", folder / "open.service"], capture_output=True)
        check(bare.returncode != 0, "this systemd-analyze takes a bare unit for closed: the test above cannot fail")
    player = (DEPLOY / "screen/capsule-player.service").read_text(encoding="utf-8")
    for line in ("Type=notify", "Restart=always", "StartLimitIntervalSec=0", "WatchdogSec=60"):
        check(line in player, f"capsule-player.service lacks {line}")
    print("units: all holds")


if __name__ == "__main__":
    main()
