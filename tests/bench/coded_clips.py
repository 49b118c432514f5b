#!/usr/bin/env python3
"""coded_clips.py [FOLDER]

Makes the clips of the benches with the ffmpeg program (about five minutes on two cores), those that are missing:

  single/  one film of ten to twenty seconds per figure
  mixed/   six of five seconds: sizes, rates, codecs, with and without sound
  short/   the same six, half a second each

The upper eighth of every picture is a bar code that can be read from the screen: sixteen equal cells, white is 1, black is 0: 1, 0, four
bits for the clip, ten for the number of the frame, highest first. All are 16:9, so that a player that fills the screen shows it at a known
place. Captions lie beside. clips.json in each folder says which number is which file, its rate and its frames."""
import json
import pathlib
import subprocess
import sys

X264 = "-c:v libx264 -preset fast -profile:v high -bf 2 -g 60 -movflags +faststart".split()
VP9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 6 -row-mt 1".split()
X265 = "-c:v libx265 -preset veryfast -x265-params log-level=error:keyint=60 -tag:v hvc1".split()
AAC, OPUS, SILENT = "-c:a aac -b:a 128k".split(), "-c:a libopus -b:a 96k".split(), None

# number, name, width, height, rate, seconds, picture, sound
SINGLE = [
    (9, "h264_1080p30.mp4", 1920, 1080, 30, 20, [*X264, "-b:v", "8M", "-maxrate", "10M", "-bufsize", "10M"], AAC),
    (10, "h264_720p25.mp4", 1280, 720, 25, 20, [*X264, "-b:v", "4M", "-maxrate", "5M", "-bufsize", "5M"], AAC),
    (11, "hevc_1080p30.mp4", 1920, 1080, 30, 20, [*X265, "-b:v", "5M"], AAC),
    (12, "vp9_720p30.webm", 1280, 720, 30, 20, [*VP9, "-b:v", "3M", "-tile-columns", "2"], OPUS),
    (13, "h264_2160p30.mp4", 3840, 2160, 30, 10, [*X264, "-preset", "veryfast", "-b:v", "25M"], AAC),
]
MIXED = [
    (1, "1_1080p30.mp4", 1920, 1080, 30, 5, [*X264, "-b:v", "8M"], AAC),
    (2, "2_720p25.mp4", 1280, 720, 25, 5, [*X264, "-b:v", "4M"], AAC),
    (3, "3_1080p24.mp4", 1920, 1080, 24, 5, [*X264, "-b:v", "8M"], AAC),
    (4, "4_540p30.mp4", 960, 540, 30, 5, [*X264, "-b:v", "2500k"], SILENT),
    (5, "5_720p50.mp4", 1280, 720, 50, 5, [*X264, "-b:v", "6M"], AAC),
    (6, "6_360p25.webm", 640, 360, 25, 5, [*VP9, "-b:v", "1200k"], OPUS),
]
SHORT = [(*clip[:5], 0.5, *clip[6:]) for clip in MIXED]
CAPTIONS = """WEBVTT

00:00.000 --> {end}
Un mot de passe est comme une clé :
on ne la prête à personne.
"""


def bar_code(width, height, number):
    cell, bar = width // 16, height // 8
    boxes = [f"drawbox=x=0:y=0:w={width}:h={bar}:color=black:t=fill", f"drawbox=x=0:y=0:w={cell}:h={bar}:color=white:t=fill"]
    for bit in range(4):
        if number >> (3 - bit) & 1:
            boxes.append(f"drawbox=x={(2 + bit) * cell}:y=0:w={cell}:h={bar}:color=white:t=fill")
    for bit in range(10):
        boxes.append(f"drawbox=x={(6 + bit) * cell}:y=0:w={cell}:h={bar}:color=white:t=fill:"
                     f"enable='gte(mod(floor(n/{1 << (9 - bit)}),2),1)'")
    return ",".join(boxes)


def make(folder, clips, captions=False):
    """The files of `clips` in that folder, made where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    table = {}
    for number, name, width, height, rate, seconds, picture, sound in clips:
        frames = -(-int(rate * seconds * 2) // 2)
        table[name] = {"number": number, "rate": rate, "frames": frames}
        if captions:
            (folder / name).with_suffix(".vtt").write_text(CAPTIONS.format(end=f"00:{int(seconds):02}.{int(seconds * 1000) % 1000:03}"))
        if (folder / name).exists():
            continue
        # Slow zoom (motion everywhere), a moving test picture (sharp edges), film grain (what a camera adds).
        half = f"s={width // 2}x{height // 2}:r={rate}"
        command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"mandelbrot={half}:end_scale=0.02:end_pts=400",
                   "-f", "lavfi", "-i", f"testsrc2={half}"]
        if sound:
            command += ["-f", "lavfi", "-i", f"sine=frequency={300 + number * 110}:sample_rate=48000:beep_factor=4,"
                                             "aformat=channel_layouts=stereo"]
        command += ["-filter_complex", f"[0]scale={width}:{height}:flags=bicubic,format=yuv420p,hue=h='20*t'[m];"
                    f"[m][1]overlay=x='(W-w)/2+(W-w)/2*sin(t)':y='H/3',noise=alls=7:allf=t,{bar_code(width, height, number)},"
                    "format=yuv420p[v]", "-map", "[v]"]
        command += ["-map", "2:a", "-t", str(frames / rate), *sound] if sound else ["-an"]
        unfinished = folder / f"unfinished.{name}"
        subprocess.run([*command, "-frames:v", str(frames), *picture, str(unfinished)], check=True)
        unfinished.rename(folder / name)
    (folder / "clips.json").write_text(json.dumps(table, indent=1) + "\n")
    for made in (folder, *folder.iterdir()):
        made.chmod(made.stat().st_mode | (0o555 if made.is_dir() else 0o444))  # a player may run as somebody else
    return [folder / clip[1] for clip in clips]


def make_all(root):
    return {"single": make(root / "single", SINGLE), "mixed": make(root / "mixed", MIXED, True),
            "short": make(root / "short", SHORT, True)}


def table_of(files):
    """number → (rate, frames), as the clips.json beside the files say."""
    table = {}
    for file in map(pathlib.Path, files):
        clip = json.loads((file.parent / "clips.json").read_text())[file.name]
        table[clip["number"]] = (clip["rate"], clip["frames"])
    return table


if __name__ == "__main__":
    if len(sys.argv) > 2 or sys.argv[1:2] in (["-h"], ["--help"]):
        print(__doc__)
        sys.exit(0 if len(sys.argv) == 2 else 2)
    for kind, files in make_all(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "clips")).items():
        for file in files:
            print(kind, file.name, file.stat().st_size)
