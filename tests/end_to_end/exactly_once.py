#!/usr/bin/env python3
"""exactly_once.py BINARIES [--batches N] [--kills N] [--seed S]: a real journal is sent to a real server through a network that loses,
doubles, delays and reorders requests and answers, while the server is killed before and after its commits. In the end the server's
rows are those of the screen, byte for byte."""
import argparse
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chain import chain_for, check, wait_for  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402
from media import write_files  # noqa: E402

ROWS_PER_BATCH = 3


def enrol(chain, folder):
    write_files(folder, {})
    chain.start_server()
    chain.sign_in()
    chain.capsule("push", folder / "sites.csv")
    chain.enrol_by_key()


def kept_rows(folder):
    database = sqlite3.connect(f"file:{folder}/server/server.db?mode=ro", uri=True, timeout=10)
    try:
        rows = [bytes(row[0]) for row in database.execute("SELECT bytes FROM ledger_row ORDER BY journal_id, seq")]
        return rows, database.execute("SELECT count(*) FROM ledger_fork").fetchone()[0], \
            database.execute("SELECT count(*) FROM ledger_showing").fetchone()[0]
    finally:
        database.close()


def scenario(chain, folder, given):
    enrol(chain, folder)

    def kill():
        chain.server.send_signal(signal.SIGKILL)
        chain.server.wait()
        chain.start_server()
    proxy = FaultProxy(lambda: chain.port, kill, given.seed, given.batches // (given.kills + 1) if given.kills else 0)
    dump = folder / "rows.ndjson"
    began = time.monotonic()
    screen = subprocess.Popen([str(chain.bin / "upload_journal"), proxy.url, str(chain.screen_store), str(given.batches * ROWS_PER_BATCH),
                               str(ROWS_PER_BATCH), str(dump)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              stderr=open(folder / "screen.log", "w", encoding="utf-8"))
    try:
        check(screen.stdout.readline() == "written\n", "the screen does not write its rows")
        written = dump.read_bytes().splitlines()
        wait_for("the server to have all rows", lambda: screen.poll() is None and len(kept_rows(folder)[0]) >= len(written),
                 60 + given.batches)
        proxy.honest = True
        for late in proxy.old:
            proxy.forward(late)
        screen.stdin.close()
        check(screen.wait(30) == 0, "the screen does not end well")
    finally:
        if screen.poll() is None:
            screen.kill()
            screen.wait()
        proxy.close()
    kept, forks, showings = kept_rows(folder)
    check(kept == written, f"the server has {len(kept)} rows, the screen {len(written)}, and they differ")
    check(forks == 0, f"{forks} rows count as forked")
    check(showings == given.batches * ROWS_PER_BATCH, f"{showings} showings are counted")
    print(f"{proxy.batches} batches in {time.monotonic() - began:.0f} s, {len(written)} rows: equal, byte for byte")
    for what, count in sorted(proxy.counts.items()):
        print(f"  {count:5} {what}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--batches", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    print(f"seed {given.seed}")
    with chain_for("once", given.binaries) as chain:
        scenario(chain, chain.folder, given)


if __name__ == "__main__":
    main()
