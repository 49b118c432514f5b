#!/usr/bin/env python3
"""The reading of screens must not flatter anybody: transitions as they were made up are found again."""
import unittest

import showings

TABLE = {1: (25, 20), 2: (50, 10)}


def played(*clips):
    """Events of clips shown one after the other: (number, frames seen, extra seconds the last one stays, dark seconds)."""
    events, now = [(0.0, showings.ROOT_WINDOW)], 1.0
    for number, frames, stays, dark in clips:
        for frame in frames:
            events.append((now, number << 10 | frame))
            now += 1 / TABLE[number][0]
        now += stays
        if dark:
            events.append((now, showings.DARK))
            now += dark
    return events


class Showings(unittest.TestCase):
    def test_a_perfect_sequence_has_no_freeze(self):
        found = showings.transitions(played((1, range(20), 0, 0), (2, range(10), 0, 0), (1, range(20), 0, 0)), TABLE)
        self.assertEqual([(t["from"], t["to"]) for t in found], [(1, 2), (2, 1)])
        for one in found:
            self.assertAlmostEqual(one["freeze"], 0, places=6)
            self.assertEqual((one["dark"], one["head"], one["tail"], one["missed"]), (0, 0, 0, 0))

    def test_a_last_frame_that_stays_and_darkness_are_told_apart(self):
        one, = showings.transitions(played((1, range(20), 0.1, 0), (2, range(10), 0, 0)), TABLE)
        self.assertAlmostEqual(one["freeze"], 100, places=6)
        self.assertEqual(one["dark"], 0)
        one, = showings.transitions(played((1, range(20), 0, 0.08), (2, range(10), 0, 0)), TABLE)
        self.assertAlmostEqual(one["freeze"], 80, places=6)
        self.assertAlmostEqual(one["dark"], 80, places=6)

    def test_frames_that_never_came_are_counted_where_they_are_missing(self):
        one, = showings.transitions(played((1, [0, 1, 2, 5, 6, 7, 17], 0, 0), (2, range(3, 10), 0, 0)), TABLE)
        self.assertEqual((one["head"], one["tail"], one["missed"]), (3, 2, 11))

    def test_a_clip_that_follows_itself_is_a_transition(self):
        self.assertEqual(len(showings.transitions(played((1, range(20), 0, 0), (1, range(20), 0, 0)), TABLE)), 1)

    def test_a_misread_cuts_nothing_in_two(self):
        events = played((1, range(20), 0, 0), (2, range(10), 0, 0))
        events.insert(6, (events[5][0] + 0.001, 2 << 10 | 4))
        self.assertEqual(len(showings.transitions(events, TABLE)), 1)

    def test_smoothness_sees_missing_frames_and_slowness(self):
        events = played((1, range(20), 0, 0))
        self.assertEqual(showings.smoothness(events, TABLE, 0, 9)["shown"], 100)
        self.assertAlmostEqual(showings.smoothness(events, TABLE, 0, 9)["pace"], 100, places=6)
        self.assertEqual(showings.smoothness(played((1, range(0, 20, 2), 0, 0)), TABLE, 0, 9)["shown"], 100 * 10 / 19)
        slow = [(2 * when, code) for when, code in events]
        self.assertAlmostEqual(showings.smoothness(slow, TABLE, 0, 9)["pace"], 50, places=6)


if __name__ == "__main__":
    unittest.main()
