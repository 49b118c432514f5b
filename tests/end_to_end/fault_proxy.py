"""An HTTP proxy that loses, doubles, delays, reorders and cuts requests and answers, and has the server killed around its commit."""
import http.client
import http.server
import random
import threading
import time


class FaultProxy:
    """Stands in front of 127.0.0.1:`port()`. `kill()` kills the server and starts it again; called with a lock held."""

    def __init__(self, port, kill, seed, kills_every=0):
        self.port, self.kill, self.kills_every = port, kill, kills_every
        self.dice = random.Random(seed)
        self.lock = threading.Lock()
        self.old = []          # requests that are sent again later
        self.counts = {}
        self.batches = 0
        self.honest = False
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.handle(self, (self.path, dict(self.headers), body))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def note(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def forward(self, request):
        path, headers, body = request
        connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=10)
        try:
            connection.request("POST", path, body=body, headers=headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def handle(self, client, request):
        with self.lock:  # the screen sends one request at a time; what is late comes from here
            rows = "/ledger/" in request[0]
            self.batches += rows
            fate = self.dice.random() if not self.honest else 1
            answer, cut = None, False
            if rows and self.kills_every and self.batches % self.kills_every == 0 and not self.honest:
                if self.dice.random() < 0.5:
                    self.note("server killed before its commit")
                    self.kill()
                else:
                    self.note("server killed around its commit")
                    done = threading.Thread(target=self.forward, args=(request,))
                    done.start()
                    time.sleep(self.dice.uniform(0, 0.004))
                    self.kill()
                    done.join()
            elif fate < 0.10:
                self.note("request lost")
            elif fate < 0.22:
                self.note("answer lost")
                self.forward(request)
            elif fate < 0.30:
                self.note("request doubled")
                answer = self.forward(request)
                self.forward(request)
            elif fate < 0.36:
                self.note("request doubled, the second answer given")
                self.forward(request)
                answer = self.forward(request)
            elif fate < 0.44:
                self.note("request delayed behind later ones")
                self.old.append(request)
            elif fate < 0.50:
                self.note("answer cut")
                answer, cut = self.forward(request), True
            elif fate < 0.56:
                self.note("answer of a proxy")
                answer = (502, {"Content-Type": "text/html"}, b"<h1>502</h1>")
            else:
                if self.old and self.dice.random() < 0.3:
                    self.note("old request arrives")
                    self.forward(self.old.pop(self.dice.randrange(len(self.old))))
                answer = self.forward(request)
        self.reply(client, answer, cut)

    @staticmethod
    def reply(client, answer, cut):
        client.close_connection = True
        try:
            if answer is None:
                client.connection.close()
                return
            status, headers, body = answer
            client.send_response(status)
            client.send_header("Content-Type", headers.get("Content-Type", "application/json"))
            client.send_header("Content-Length", str(len(body)))
            client.send_header("Connection", "close")
            client.end_headers()
            client.wfile.write(body[:len(body) // 2] if cut else body)
        except OSError:
            pass
