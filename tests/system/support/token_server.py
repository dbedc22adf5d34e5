"""A made-up issuer of OAuth tokens (RFC 6749, section 4.4) for the unsecured validator of a broker."""

import base64
import http.server
import json
import threading
import time


def _part(what):
    return base64.urlsafe_b64encode(json.dumps(what).encode()).decode().rstrip("=")


class TokenServer:
    """Gives whoever logs in with an identity of `clients` a token that names it; `tokens` are all it gave."""

    def __init__(self, clients, lifetime_seconds=3600):
        self.tokens = []
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                kind, words = self.headers["Authorization"].split(" ", 1)
                client = base64.b64decode(words).decode().split(":", 1)[0]
                assert kind == "Basic" and client in clients
                body = json.dumps(
                    {"access_token": issuer._issue(client, lifetime_seconds), "token_type": "bearer"}
                ).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def _issue(self, client, lifetime_seconds):
        now = int(time.time())
        claims = {"sub": client, "iat": now, "exp": now + lifetime_seconds, "scope": "kafka"}
        self.tokens.append(f"{_part({'alg': 'none'})}.{_part(claims)}.")
        return self.tokens[-1]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
