"""Where things are, and how a test says that it cannot be run here."""
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
sys.path.insert(0, str(ROOT / "tests" / "end_to_end"))


def need(program, places=""):
    found = shutil.which(program, path=f"{places}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin")
    if not found:
        print(f"skipped: {program} is not installed here")
        sys.exit(77)
    return found
