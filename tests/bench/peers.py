"""How each player is told to do this job: fill the screen with these files for ever, in software, without a sound card."""
import pathlib
import shutil
import tempfile

LOOP = 200  # passes, for those that cannot loop


def _mpv(files, _):
    return ["mpv", "--no-config", "--really-quiet", "--fs", "--hwdec=no", "--vo=x11", "--ao=null", "--no-osc", "--osd-level=0",
            "--no-input-terminal", "--loop-playlist=inf", *files]


def _mpv_prefetch(files, folder):
    return [*_mpv([], folder), "--prefetch-playlist=yes", *files]


def _vlc(files, _):
    return ["cvlc", "-q", "--aout=dummy", "--vout=xcb_x11", "--fullscreen", "--loop", "--no-osd", "--no-video-title-show",
            "--avcodec-hw=none", *files]


def _mplayer(files, _):
    return ["mplayer", "-really-quiet", "-fs", "-vo", "x11", "-zoom", "-ao", "null", "-loop", "0", "-nolirc", "-noconsolecontrols", *files]


def _ffplay(files, _):
    # It has no playlist.
    return ["bash", "-c", 'while :; do for f; do ffplay -v error -nostats -fs -autoexit "$f"; done; done', "ffplay", *files]


def _gstreamer(files, _):
    sink = ("videoconvertscale ! video/x-raw,width={W},height={H},pixel-aspect-ratio=1/1 ! queue max-size-buffers=3 ! ximagesink")
    return ["gst-play-1.0", "-q", "--no-interactive", "--audiosink=fakesink sync=true", f"--videosink={sink}", *files * LOOP]


def _chromium(files, folder):
    # Two elements, one shows while the other loads: what a good kiosk page does.
    names = ",".join(f"'file://{file}'" for file in files)
    page = pathlib.Path(folder) / "kiosk.html"
    page.write_text(f"""<!doctype html><style>*{{margin:0}}body{{background:#000;overflow:hidden;cursor:none}}
video{{position:fixed;inset:0;width:100vw;height:100vh;object-fit:contain}}</style>
<video id=a muted playsinline preload=auto></video><video id=b muted playsinline preload=auto style=visibility:hidden></video>
<script>const L=[{names}];let i=0,c=a,n=b;
function prepare(){{n.src=L[(i+1)%L.length];n.load()}}
function swap(){{i=(i+1)%L.length;[c,n]=[n,c];c.play();c.style.visibility='visible';n.style.visibility='hidden';prepare()}}
for(const e of[a,b])e.onended=swap;c.src=L[0];c.play().then(prepare)</script>""")
    page.chmod(0o644)
    return ["chromium", "--kiosk", "--no-first-run", "--no-default-browser-check", "--no-sandbox", f"--user-data-dir={folder}/profile",
            "--autoplay-policy=no-user-gesture-required", "--window-size={W},{H}", "--window-position=0,0", "--password-store=basic",
            "--disable-component-update", "--mute-audio", "--disable-gpu", f"file://{page}"]


# name → (program that must be installed, command of files and a folder of its own)
PEERS = {
    "mplayer": ("mplayer", _mplayer),
    "vlc": ("cvlc", _vlc),
    "mpv": ("mpv", _mpv),
    "mpv-prefetch": ("mpv", _mpv_prefetch),
    "gstreamer": ("gst-play-1.0", _gstreamer),
    "chromium": ("chromium", _chromium),
    "ffplay": ("ffplay", _ffplay),
}
# What one looks at unless told: each once.
USUAL = ["mplayer", "vlc", "mpv", "gstreamer", "chromium", "ffplay"]


def installed(name):
    return shutil.which(PEERS[name][0]) is not None


def command_of(name, files, size, folder=None):
    folder = folder or tempfile.mkdtemp(prefix="capsule-bench.")
    return [part.replace("{W}", str(size[0])).replace("{H}", str(size[1])) for part in PEERS[name][1]([str(f) for f in files], folder)]
