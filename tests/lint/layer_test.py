#!/usr/bin/env python3
"""layer_test.py [ROOT]: holds the real #includes against tests/lint/arrows.txt.

Also: C library headers stay in the folders that may have them, heavy headers stay out of headers, and every folder with code, of the
product as of its tests, has a README.md. Exit 0, or 1 with one line per finding."""
import os
import re
import sys

ROOT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", ".."))
LAYERS = ("content", "playlists", "player")
CODE = (".cpp", ".hpp", ".py", ".mjs", ".js")

# Who may include the headers of a C library (prefixes of the included name → folders).
C_HEADERS = {
    ("libavformat/", "libavcodec/", "libavutil/", "libswscale/", "libswresample/", "libavfilter/"):
        ("content/lib/ffmpeg", "content/captions", "content/ingest", "content/samples", "player/media", "player/present"),
    ("SDL",): ("player/lib/sdl",),
    ("xcb/",): ("player/lib/xcb",),
    ("wayland-",): ("player/lib/wayland",),
    ("sqlite3.h",): ("content/lib/sqlite",),
    ("curl/",): ("content/lib/curl",),
    ("sodium",): ("content/lib/sodium",),
    ("microhttpd",): ("playlists/server/http",),
    ("ass/",): ("player/overlay",),
    ("cairo", "pango"): ("content/drawing",),
    ("qrencode",): ("content/qr",),
    ("libyuv",): ("player/present", "content/samples"),
    ("openssl/",): ("content/base", "content/lib/curl", "content/lib/openssl"),
    ("ebur128",): ("content/ingest",),
    ("date/",): ("playlists/schedule",),
}
NEVER_IN_HEADERS = ("nlohmann/json.hpp", "toml++/", "CLI/", "spdlog/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.M)


def read_arrows(path):
    arrows = []
    for line in open(path, encoding="utf-8"):
        line = line.split("#")[0].strip()
        if line:
            source, targets = line.split("->")
            arrows += [(source.strip(), target) for target in targets.split()]
    return arrows


def inside(folder, parent):
    return folder == parent or folder.startswith(parent + "/")


def allowed(source, target, arrows):
    if inside(source, target) or inside(target, source) or target == "content/base":
        return True
    # Parts of one folder that is itself a unit (the server's) see each other; content/lib's wrappers do not.
    if inside(source, "playlists/server") and inside(target, "playlists/server"):
        return True
    return any(inside(source, a) and inside(target, b) for a, b in arrows)


def walk(top):
    """os.walk below the root, without what is not ours: (folder, relative to the root, names)."""
    for folder, subfolders, names in os.walk(os.path.join(ROOT, top)):
        subfolders[:] = [s for s in subfolders if s not in ("node_modules", "dist", "__pycache__")]
        yield folder, os.path.relpath(folder, ROOT), names


def without_readme():
    return [f"{relative}: has code and no README.md" for top in (*LAYERS, "tests") for _, relative, names in walk(top)
            if "README.md" not in names and any(name.endswith(CODE) for name in names)]


def main():
    arrows = read_arrows(os.path.join(ROOT, "tests/lint/arrows.txt"))
    findings, files = without_readme(), 0
    for layer in LAYERS:
        for folder, relative, names in walk(layer):
            for name in (n for n in names if n.endswith((".cpp", ".hpp"))):
                files += 1
                path = f"{relative}/{name}"
                text = open(os.path.join(folder, name), encoding="utf-8").read()
                for kind, included in INCLUDE.findall(text):
                    if kind == '"':
                        if "/" not in included:
                            findings.append(f'{path}: write "{included}" from the root ("{relative}/{included}")')
                            continue
                        target = os.path.dirname(included)
                        if included.split("/")[0] == "tests":
                            findings.append(f"{path}: includes {included}; nothing sees tests")
                        elif included.split("/")[0] in LAYERS and not allowed(relative, target, arrows):
                            findings.append(f"{path}: includes {included}; no arrow allows {relative} -> {target}")
                    for prefixes, owners in C_HEADERS.items():
                        if kind == "<" and included.startswith(prefixes) and not any(inside(relative, o) for o in owners):
                            findings.append(f"{path}: includes <{included}>, which belongs behind {owners[0]}")
                    if name.endswith(".hpp") and included.startswith(NEVER_IN_HEADERS):
                        findings.append(f"{path}: {included} never stands in a header")
    print("\n".join(findings) if findings else f"layers hold in {files} files")
    return 1 if findings or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
