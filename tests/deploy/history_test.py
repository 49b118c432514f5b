#!/usr/bin/env python3
"""history_test.py BINARIES: a past that was made up. It comes in by the screens' own way, its chains hold, and each report that touches it says
that it is example data; reports of other days do not."""
import datetime
import json
import subprocess
import sys
import zoneinfo

import places  # noqa: F401
from chain import chain_for, check, wait_for
from media import write_files


def scenario(chain, folder):
    for master, meta in write_files(folder, {"court": ("Court", 20, 5), "autre": ("Autre", 30, 5)}):
        chain.capsule("ingest", master, "--meta", meta, "--store", chain.store)
    out = folder / "server.out"
    with open(out, "w", encoding="utf-8") as printed, open(folder / "server.log", "a", encoding="utf-8") as log:
        past = subprocess.Popen([chain.bin / "capsule-rehearsal", "--data", folder / "server", "--public-url", "http://127.0.0.1:1", "--days", "8"],
                                stdin=subprocess.PIPE, stdout=printed, stderr=log, text=True, env=chain.environment)
    try:
        wait_for("the address", lambda: "premier-compte" in out.read_text(), 60)
        chain.sign_in()
        chain.push()
        chain.capsule("publish")
        past.stdin.write(f"{chain.token}\n")
        past.stdin.close()
        check(past.wait(120) == 0, "the past could not be made up")
    finally:
        past.kill()
        past.wait()
    print(out.read_text().splitlines()[-1])

    # The same folder is an ordinary server's.
    chain.start_server()
    chain.capsule("login", "--server", chain.url, "--login", "essai", "--password-file", folder / "password")
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Paris")).date()
    first, last = today - datetime.timedelta(days=8), today - datetime.timedelta(days=1)

    def report(start, end, style, by="day"):
        return chain.capsule("report", "--from", start, "--to", end, "--by", by, "--format", style).stdout
    made = json.loads(report(first, last, "json"))
    check(made["total"]["showings"] > 1000 and made["missing_rows"] == 0, f"{made['total']}")
    check(len([row for row in made["rows"] if row["showings"]]) in (6, 7), f"days: {[row['key'] for row in made['rows']]}")
    check(made["total"]["scans"] and made["total"]["evidence"]["panel_on"], "no link was opened, or no panel told anything")
    check(made["example_data"] == "données d’exemple", "the report does not say that it is made up")
    check("données d’exemple" in report(first, last, "table").splitlines()[1], "the table does not say that it is made up")
    lines = report(last, today, "csv", "capsule").splitlines()
    check(lines[0].endswith(",remark") and all(line.endswith(",données d’exemple") for line in lines[1:]), f"{lines}")
    for style in ("json", "table", "csv"):
        check("exemple" not in report(today, today, style) and "exemple" not in report(first - datetime.timedelta(days=9), first - datetime.timedelta(days=1), style),
              f"days that were not made up are called so ({style})")
    verified = chain.capsule("ledger", "verify").stdout
    check("Rien n’est faux" in verified, verified)
    again = subprocess.run([chain.bin / "capsule-rehearsal", "--data", folder / "server", "--days", "8"], capture_output=True, text=True)
    check(again.returncode == 1 and "already" in again.stderr, f"a past is made up for a server that has one: {again}")
    check(all(device["revoked"] for device in json.loads(chain.capsule("device", "list", "--json").stdout)), "made-up machines may still report")
    print(verified.strip().splitlines()[-1])


def main():
    with chain_for("history", sys.argv[1]) as chain:
        scenario(chain, chain.folder)
    print("history: all holds")


if __name__ == "__main__":
    main()
