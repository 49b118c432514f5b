#!/usr/bin/env python3
"""pictures.py [--player FILE] [--gpu] [--frame N] [--json FILE] [FILE…]

Compares what the player shows with what the ffmpeg program makes of the same frame, as PSNR over red, green and blue in dB: at the
picture's own size, and fitted into 1920 × 1080. Without FILEs, one clip of every kind is made (matrix, range, depth, subsampling, odd
sizes, oblong pixels, turned, mirrored). The reference is ffmpeg's default conversion; fitted, with a bilinear filter, as the player's.
--gpu: draws by GL under Xvfb (emulated, here) instead of by the CPU. Exit 1 when a picture is below 30 dB or missing."""
import argparse
import array
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/end_to_end"))
FRAME = 3
SOURCE = "gradients=s={s}:r=10:d=1:seed=3:c0=red:c1=blue:c2=green:c3=yellow:n=4"
LOSSLESS = ["-c:v", "ffv1"]


def colours(matrix, range_, name):
    return (["-vf", f"scale=out_color_matrix={matrix}:out_range={range_}"], ["-colorspace", name, "-color_range", range_])


KINDS = []
for matrix, name in (("bt601", "smpte170m"), ("bt709", "bt709"), ("bt2020", "bt2020nc")):
    for range_ in ("tv", "pc"):
        KINDS.append((f"{matrix} {'limited' if range_ == 'tv' else 'full'}", "640x360", colours(matrix, range_, name), "yuv420p", []))
STANDARD = colours("bt709", "tv", "bt709")
KINDS += [(f"{kind}", "640x360", STANDARD, form, [])
          for kind, form in (("10 bits", "yuv420p10le"), ("4:2:2", "yuv422p"), ("4:2:2, 10 bits", "yuv422p10le"), ("4:4:4", "yuv444p"),
                             ("4:4:4, 12 bits", "yuv444p12le"))]
KINDS += [("RGB", "640x360", ([], []), "bgr0", []), ("grey", "640x360", ([], []), "gray", []),
          ("nothing stated", "640x360", ([], []), "yuv420p", []),
          ("odd size", "641x361", STANDARD, "yuv420p", []), ("odd, small", "161x121", STANDARD, "yuv420p", []),
          ("1080p", "1920x1080", STANDARD, "yuv420p", []), ("4K", "3840x2160", STANDARD, "yuv420p", []),
          ("pixels 16:11", "352x288", STANDARD, "yuv420p", ["-aspect", "16:9"])]
TURNS = [("turned by 90", "90"), ("turned by 180", "180"), ("turned by 270", "270")]


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def make_clips(folder):
    clips = []
    for number, (name, size, (filters, tags), form, more) in enumerate(KINDS):
        path = folder / f"{number}.mkv"
        run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", SOURCE.format(s=size), *filters, "-pix_fmt", form, *LOSSLESS, *tags, *more, path)
        clips.append((name, path))
    upright = folder / "upright.mp4"
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", SOURCE.format(s="640x360"), *STANDARD[0], "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp",
        "2", *STANDARD[1], upright)
    for name, degrees in TURNS:
        path = folder / f"turned{degrees}.mp4"
        run("ffmpeg", "-v", "error", "-y", "-i", upright, "-c", "copy", "-metadata:s:v:0", f"rotate={degrees}", path)
        clips.append((name, path))
    return clips


def shape(path):
    """Width and height as it is to be seen, with square pixels."""
    done = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_streams", "-of", "json", path], capture_output=True, text=True)
    stream = json.loads(done.stdout)["streams"][0]
    width, height = stream["width"], stream["height"]
    across, down = (int(n) for n in stream.get("sample_aspect_ratio", "1:1").split(":"))
    if across and down:
        width = round(width * across / down)
    turn = next((int(data["rotation"]) for data in stream.get("side_data_list", []) if "rotation" in data), 0)
    return (height, width) if turn % 180 else (width, height)


def fitted(picture, stage):
    """The player's own rule."""
    scale = min(stage[0] / picture[0], stage[1] / picture[1])
    sides = [max(1, math.floor(length * scale + 0.5)) for length in picture]
    return tuple(room if side >= room - 2 else side for side, room in zip(sides, stage))


def theirs(path, picture, stage, folder, bilinear, number):
    place = fitted(picture, stage)
    flags = ":flags=bilinear" if bilinear else ""
    chain = (f"select=eq(n\\,{number}),scale={place[0]}:{place[1]}{flags},setsar=1,format=rgb24,"
             f"pad={stage[0]}:{stage[1]}:{(stage[0] - place[0]) // 2}:{(stage[1] - place[1]) // 2}")
    out = folder / "theirs.rgb"
    run("ffmpeg", "-v", "error", "-y", "-i", path, "-map", "0:v:0", "-vf", chain, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", out)
    return out.read_bytes()


def ours(player, path, stage, folder, how, number):
    shot, out = folder / "ours.png", folder / "ours.rgb"
    shot.unlink(missing_ok=True)
    subprocess.run([str(player), "--play", str(path), "--size", f"{stage[0]}x{stage[1]}", "--exit-on-end", "--for", "8s", "--screenshot", str(shot),
                    "--screenshot-frame", str(number), *how], check=True, stderr=subprocess.DEVNULL, timeout=60)
    run("ffmpeg", "-v", "error", "-y", "-i", shot, "-f", "rawvideo", "-pix_fmt", "rgb24", out)
    return out.read_bytes()


def psnr(a, b):
    if len(a) != len(b):
        return None
    try:
        import numpy
        off = numpy.frombuffer(a, numpy.uint8).astype(numpy.int32) - numpy.frombuffer(b, numpy.uint8)
        mean = float((off * off).mean())
    except ImportError:
        squares = array.array("l", (n * n for n in range(256)))
        mean = sum(squares[abs(x - y)] for x, y in zip(a, b)) / len(a)
    return 99.0 if mean == 0 else 10 * math.log10(255 * 255 / mean)


def measure(player, path, folder, how, number):
    picture = shape(path)
    row = []
    for stage, bilinear in ((picture, False), ((1920, 1080), True)):
        row.append(psnr(ours(player, path, stage, folder, how, number), theirs(path, picture, stage, folder, bilinear, number)))
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--player", default=ROOT / "build/bin/capsule-player")
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--frame", type=int, default=FRAME, help="which one, from 0; 3 unless told")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    server, how = None, ["--headless"]
    if options.gpu:
        from display import XServer
        server = XServer("4096x2304")
        os.environ["DISPLAY"] = server.name
        how = ["--stage", "gpu"]
    results, wrong = {}, 0
    try:
        with tempfile.TemporaryDirectory(prefix="capsule-bench.") as name:
            folder = pathlib.Path(name)
            for label, path in [(path.name, path) for path in options.files] or make_clips(folder):
                try:
                    own, full = measure(options.player, path, folder, how, options.frame)
                except (subprocess.SubprocessError, OSError, KeyError, IndexError) as error:
                    own = full = None
                    print(f"{label}: {error}", file=sys.stderr)
                wrong += own is None or full is None or min(own, full) < 30
                show = lambda value: "missing" if value is None else "identical" if value == 99 else f"{value:.1f}"
                print(f"| {label} | {show(own)} | {show(full)} |", flush=True)
                results[label] = [own, full]
    finally:
        if server:
            server.end()
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
