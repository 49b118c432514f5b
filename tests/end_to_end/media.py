"""Small masters and the files that people write beside them."""
import subprocess

CAPSULE = """id = "{id}"
title = "{title}"
theme = "mots-de-passe"
axis = "axe2-capacitation"
barrier = "protection-donnees"
audience = ["tous"]
language = "fr"

[rights]
persons = "none"
voice = "none"
music = "none"
"""

PLAYLIST = """id = "accueil"
title = "Accueil"
order = "shuffle"
qr_card_every = "10min"
"""

SITES = """id,nom,commune,code_postal,code_insee,latitude,longitude,typologie,horaires,ecran_id,ecran_nom,ecran_diagonale_mm,ecran_distance_mm,ecran_rotation,offres
fs-antony,France services Antony,Antony,92160,92002,48.73907,2.288935,RFS,,fs-antony-hall,Hall,813,3000,0,
"""

SCHEDULE = """[[schedule]]
id = "defaut"
playlist = "accueil"
when = "always"
priority = 0
"""


def make_master(path, seconds, rate=25, size="320x180", pattern="testsrc2"):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"{pattern}=size={size}:rate={rate}:duration={seconds}",
                    "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", str(path)], check=True)


def write_files(folder, capsules):
    """capsules: id → (title, seconds, rate). Returns the masters with their capsule.toml."""
    masters = []
    for name, (title, seconds, rate) in capsules.items():
        master, meta = folder / f"{name}.mp4", folder / f"{name}.toml"
        make_master(master, seconds, rate)
        meta.write_text(CAPSULE.format(id=name, title=title), encoding="utf-8")
        masters.append((master, meta))
    items = "".join(f'\n[[item]]\ncapsule = "{name}"\n' for name in capsules)
    (folder / "accueil.playlist.toml").write_text(PLAYLIST + items, encoding="utf-8")
    (folder / "sites.csv").write_text(SITES, encoding="utf-8")
    (folder / "defaut.schedule.toml").write_text(SCHEDULE, encoding="utf-8")
    return masters
