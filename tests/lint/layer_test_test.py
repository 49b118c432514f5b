#!/usr/bin/env python3
"""layer_test_test.py FOLDER: makes a small tree with one fault of each kind in FOLDER; layer_test.py must name them all."""
import os
import shutil
import subprocess
import sys

here, folder = os.path.dirname(os.path.abspath(__file__)), sys.argv[1]
# The folder is made anew: never one that holds something else.
if os.path.isdir(folder) and os.listdir(folder) and not os.path.exists(os.path.join(folder, "tests/lint/arrows.txt")) \
        or os.path.exists(os.path.join(folder, ".git")):
    sys.exit(f"layer_test_test.py: {folder} is no folder of this test's: name an empty one")
shutil.rmtree(folder, ignore_errors=True)
FILES = {
    "tests/lint/arrows.txt": open(os.path.join(here, "arrows.txt"), encoding="utf-8").read(),
    "content/base/README.md": "x\n",
    "content/base/a.cpp": '#include "player/app/main.hpp"\n',
    "content/store/README.md": "x\n",
    "content/store/b.hpp": "#include <sqlite3.h>\n#include <nlohmann/json.hpp>\n",
    "player/playback/c.cpp": '#include "player/impressions/journal.hpp"\n#include "near.hpp"\n#include "tests/catch.hpp"\n',
    "tests/player/d_test.cpp": "",
    "tests/end_to_end/e_test.py": "",
}
for name, text in FILES.items():
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
run = subprocess.run([sys.executable, os.path.join(here, "layer_test.py"), folder], capture_output=True, text=True)
wanted = ["content/base/a.cpp", "<sqlite3.h>", "nlohmann/json.hpp never", "player/impressions", '"near.hpp" from the root',
          "nothing sees tests", "player/playback: has code", "tests/player: has code", "tests/end_to_end: has code"]
unseen = [w for w in wanted if w not in run.stdout]
print(run.stdout)
print("not found:", unseen)
sys.exit(1 if unseen or run.returncode != 1 else 0)
