"""What was on the screen, from the list of (time, code): showings, what lay between them, frames that never came. Pure."""
import statistics

ROOT_WINDOW, DARK, OTHER = -3, -2, -1  # what is not a code

LOST = 10  # a pass that starts further in than this is the same pass, seen again after a misread


class Pass:
    def __init__(self, number, frame, when):
        self.number, self.first, self.began, self.last, self.last_at, self.seen = number, frame, when, frame, when, {frame}

    def add(self, frame, when):
        self.last, self.last_at = frame, when
        self.seen.add(frame)


def passes(events, table):
    """One per showing of a clip. `table`: number → (rate, frames)."""
    found = []
    for when, code in events:
        number, frame = code >> 10, code & 1023
        if code < 0 or number not in table or frame >= table[number][1]:
            continue
        current = found[-1] if found else None
        if current and current.number == number and frame > current.last:
            current.add(frame, when)
        elif current and current.number == number and frame > LOST:
            current.seen.add(frame)  # an old frame once more
        else:
            found.append(Pass(number, frame, when))
    merged = []
    for one in found:
        if len(one.seen) < 3:
            continue  # what was seen once or twice is a misread
        if merged and merged[-1].number == one.number and one.first > merged[-1].last:  # cut in two by one
            merged[-1].last, merged[-1].last_at = one.last, one.last_at
            merged[-1].seen |= one.seen
        else:
            merged.append(one)
    return merged


def transitions(events, table):
    """One dictionary per change of clip, times in ms: `freeze`: how much longer than its time the last frame seen stayed; `dark`: for
    how much of that no picture at all was seen; `tail`, `head`: frames never seen at the end and at the start; `missed`: inside the first
    of the two."""
    found = []
    all_passes = passes(events, table)
    position = 0
    for before, after in zip(all_passes, all_passes[1:]):
        rate, frames = table[before.number]
        dark = 0.0
        while position + 1 < len(events) and events[position + 1][0] <= after.began:
            (start, code), (end, _) = events[position], events[position + 1]
            if start >= before.last_at and code < 0:
                dark += end - start
            position += 1
        found.append({"at": after.began, "from": before.number, "to": after.number, "freeze": (after.began - before.last_at) * 1000 - 1000 / rate,
                      "dark": dark * 1000, "tail": frames - 1 - before.last, "head": after.first,
                      "missed": before.last - before.first + 1 - len(before.seen), "period": 1000 / rate})
    return found


def summary(events, table):
    found = transitions(events, table)
    if not found:
        return {}
    whole = found[1:]  # of the first showing the start was not looked at
    return {"transitions": len(found), "freeze_median": statistics.median(t["freeze"] for t in found),
            "freeze_worst": max(t["freeze"] for t in found), "over_a_frame": sum(t["freeze"] >= t["period"] for t in found),
            "dark_worst": max(t["dark"] for t in found), "first_unseen": sum(t["head"] > 0 for t in found),
            "last_unseen": sum(t["tail"] > 0 for t in found),
            "frames_unseen": sum(t["tail"] + t["head"] + t["missed"] for t in whole) if whole else 0}


def smoothness(events, table, begin, end):
    """Between two moments: `shown`: different frames seen, in percent of those from the first to the last of each pass; `pace`: their time in
    percent of the time that passed (a player may show everything, too slowly); `longest`: how many ms one frame stayed at most."""
    inside = [event for event in events if begin <= event[0] <= end]
    due, seen, media, passed = 0, 0, 0.0, 0.0
    for one in passes(inside, table):
        due += one.last - one.first + 1
        seen += len(one.seen)
        media += (one.last - one.first) / table[one.number][0]
        passed += one.last_at - one.began
    stays = [stop - start for (start, code), (stop, _) in zip(inside, inside[1:]) if code >= 0]
    return {"shown": 100 * seen / max(due, 1), "pace": 100 * media / max(passed, 1e-9), "longest": 1000 * max(stays, default=0.0)}
