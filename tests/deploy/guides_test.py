#!/usr/bin/env python3
"""guides_test.py BINARIES: what the guides name is there: links, commands with their options, codes of the diagnostic panel; each is one page."""
import pathlib
import re
import subprocess
import sys

from places import DEPLOY, ROOT
from chain import check


def commands(text):
    """Words of each `capsule …` or `capsule-player …` in the guide."""
    code = re.findall(r"```[a-z]*\n(.*?)```", text, re.S) + re.findall(r"`([^`\n]+)`", text)
    for line in (part for block in code for line in block.splitlines() for part in re.split(r"&&|#", line)):
        words = line.split()
        if words and words[0] in ("capsule", "capsule-player", "sudo") and len(words) > 1 and words[1] != "=":
            yield words


def main():
    binaries = pathlib.Path(sys.argv[1]).resolve()
    helped = {name: subprocess.run([binaries / name, option], capture_output=True, text=True).stdout
              for name, option in (("capsule", "--help-all"), ("capsule-player", "--help"))}
    codes = set(re.findall(r"^\| (C\d\d) \|", (ROOT / "playlists/sync/README.md").read_text(encoding="utf-8"), re.M))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    guides = sorted(path for path in (DEPLOY / "guides").glob("*.md") if path.name != "README.md")
    check([path.stem for path in guides] == ["accueil", "contenus", "evaluation", "informatique"], f"{guides}")
    for guide in guides:
        text = guide.read_text(encoding="utf-8")
        check(f"deploy/guides/{guide.name}" in readme, f"the README does not link {guide.name}")
        words = len(re.findall(r"\w+", text))
        check(words <= 520, f"{guide.name} has {words} words: that is more than a page")
        for target in re.findall(r"\]\(([^)]+)\)", text):
            check((guide.parent / target).exists(), f"{guide.name} links {target}, which is not there")
        for code in re.findall(r"`(C\d\d)`", text):
            check(code in codes, f"{guide.name}: there is no code {code}")
        check(not re.search(r"[^\s\u00a0][?!;»]|\S [?!:;»]|« ", re.sub(r"```.*?```|`[^`\n]*`|https?:\S+|\]\([^)]*\)|<[^>]*>", "x", text, flags=re.S)
                            .replace("x;", "x\u00a0;")), f"{guide.name}: French wants a no-break space before ? ! : ; and inside « »")
        for line in commands(text):
            if line[0] == "sudo":
                script = line[1]
                check(not script.startswith("./") or (ROOT / script).exists(), f"{guide.name}: there is no {script}")
                continue
            known = helped[line[0]]
            if line[0] == "capsule":
                check(re.search(rf"^\s*{re.escape(line[1])}\b", known, re.M), f"{guide.name}: capsule has no command {line[1]}")
                below = line[1:3] if line[1] in ("keys", "ledger", "device") else line[1:2]
                done = subprocess.run([binaries / "capsule", *below, "--help"], capture_output=True, text=True)
                check(done.returncode == 0, f"{guide.name}: there is no capsule {' '.join(below)}")
                known = done.stdout
            for option in (word for word in line if word.startswith("--")):
                check(option in known, f"{guide.name}: {' '.join(line)}: there is no {option}")
    print(f"guides: all holds ({len(guides)} pages)")


if __name__ == "__main__":
    main()
