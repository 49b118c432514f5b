#!/usr/bin/env python3
"""nginx_test.py BINARIES: the sample of nginx before a real server. A screen plays through it, guesses are slowed down, large bodies refused,
visitors and screens leave no line in the log."""
import http.client
import pathlib
import re
import socket
import ssl
import subprocess
import sys

from places import DEPLOY, need
from chain import chain_for, check, wait_for
from on_air_test import prepare, shown_capsules


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_nginx(nginx, chain, folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "tls.key", "-out", folder / "tls.pem"], check=True, capture_output=True)
    sample = (DEPLOY / "server/nginx.conf").read_text(encoding="utf-8")
    tls, plain = free_port(), free_port()
    for word, meaning in (("NAME", "localhost"), ("CERTIFICATE", folder / "tls.pem"), ("KEY", folder / "tls.key"), ("LISTEN", f"127.0.0.1:{chain.port}")):
        sample = re.sub(rf"\b{word}\b", str(meaning), sample)
    sample = re.sub(r" *listen \[::\]:.*\n", "", sample)
    sample = sample.replace("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl").replace("listen 80;", f"listen 127.0.0.1:{plain};")
    sample = sample.replace("/var/log/nginx", str(folder))
    (folder / "nginx").mkdir()
    temporary = "".join(f"{name}_temp_path {folder}/nginx/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if (pathlib.Path("/root").exists() and subprocess.run(["id", "-u"], capture_output=True, text=True).stdout == "0\n") else ""
    (folder / "nginx.conf").write_text(f"{user}\ndaemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx-start.log;\nevents {{}}\nhttp {{\n{temporary}\n"
                                       f"{sample}\n}}\n", encoding="utf-8")
    tested = subprocess.run([nginx, "-t", "-c", folder / "nginx.conf"], capture_output=True, text=True)
    check(tested.returncode == 0 and "[warn]" not in tested.stderr, f"nginx -t: {tested.stderr}")
    process = subprocess.Popen([nginx, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    return process, tls, plain


class Visitor:
    def __init__(self, folder, port):
        self.context = ssl.create_default_context(cafile=str(folder / "tls.pem"))
        self.port = port

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=20)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def up(self):
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False


def scenario(chain, folder, nginx):
    prepare(chain, folder, {"court": ("Court", 1, 25)})
    process, tls, plain = start_nginx(nginx, chain, folder)
    try:
        visitor = Visitor(folder, tls)
        wait_for("nginx", visitor.up, 20)
        status, headers, _ = visitor.ask("GET", "/")
        check(status == 200 and "strict-transport-security" in headers, f"the page for visitors: {status} {headers}")
        check(visitor.ask("GET", "/console")[0] in (200, 302, 404), "the console")
        check(visitor.ask("GET", "/Q/ZZZZZZ")[0] in (302, 404), "a scan")
        check(visitor.ask("GET", "/release/timestamp.json")[0] == 200, "the release")
        connection = http.client.HTTPConnection("127.0.0.1", plain, timeout=10)
        connection.request("GET", "/Q/ZZZZZZ")
        check(connection.getresponse().status == 301, "without TLS: not sent on to https")

        # A screen that knows the way only through nginx: releases, files, signed rows.
        chain.start_player("--ca-bundle", folder / "tls.pem", server=f"https://localhost:{tls}")
        shown_capsules(chain, 2)
        wait_for("showings in the report", lambda: chain.report()["total"]["showings"], 40)
        check(chain.stop(chain.player) == 0, "the player does not end cleanly")
        print("a screen plays and reports through nginx")

        # Guesses: nginx stops them before the server counts them for the account.
        answers = [visitor.ask("POST", "/api/v1/sessions", b'{"login":"essai","password":"fausse"}', {"Content-Type": "application/json"})[0]
                   for _ in range(20)]
        check(answers.count(429) >= 5 and 429 not in answers[:3], f"guesses are not slowed down: {answers}")
        check(visitor.ask("GET", "/healthz")[0] == 200, "who guesses keeps others out")
        check(visitor.ask("POST", "/api/v1/publish", headers={"Content-Length": str(10 << 30)})[0] == 413, "a body of 10 GB is not refused at once")
        print("guesses and large bodies are refused")

        log = wait_for("a line of the log", lambda: (folder / "capsule-access.log").read_text(encoding="utf-8"), 10)
        check("/api/v1/sessions" in log, f"who guesses leaves no line\n{log}")
        for kept_quiet in ("/Q/", "/release", "/blobs", "/api/v1/ledger", "/api/v1/state", " / "):
            check(kept_quiet not in log, f"{kept_quiet} is in the log\n{log}")
        print("visitors and screens leave no line")
    finally:
        process.terminate()
        process.wait(10)


def main():
    nginx = need("nginx")
    need("openssl")
    with chain_for("nginx", sys.argv[1]) as chain:
        scenario(chain, chain.folder, nginx)
    print("nginx: all holds")


if __name__ == "__main__":
    main()
