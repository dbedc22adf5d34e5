"""Google's access tokens for librdkafka.

librdkafka asks an HTTP endpoint for a token (sasl.oauthbearer.method=oidc) and wants a JWT. Google's
metadata server gives an opaque access token. Managed Service for Apache Kafka takes that token as the
third part of a JWT whose header says GOOG_OAUTH2_TOKEN and whose payload names the account and the end:
https://cloud.google.com/managed-service-for-apache-kafka/docs/authentication-kafka

Serves the pod only, on 127.0.0.1. `--check` succeeds when a token can be had.
"""

import base64
import http.server
import json
import os
import sys
import time
import urllib.request

PORT = int(os.environ.get("PORT", "14293"))
ACCOUNT_URL = (
    os.environ.get("METADATA_URL", "http://169.254.169.254")
    + "/computeMetadata/v1/instance/service-accounts/default/"
)
TIMEOUT_SECONDS = 5


def metadata(name):
    request = urllib.request.Request(ACCOUNT_URL + name, headers={"Metadata-Flavor": "Google"})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        return answer.read().decode()


def part(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def token_answer():
    token = json.loads(metadata("token"))
    now = int(time.time())
    lifetime = int(token["expires_in"])
    header = {"typ": "JWT", "alg": "GOOG_OAUTH2_TOKEN"}
    payload = {"iss": "Google", "sub": metadata("email").strip(), "iat": now, "exp": now + lifetime}
    parts = [json.dumps(header), json.dumps(payload), token["access_token"]]
    return {
        "access_token": ".".join(map(part, parts)),
        "token_type": "Bearer",
        "expires_in": lifetime,
    }


class Handler(http.server.BaseHTTPRequestHandler):
    timeout = TIMEOUT_SECONDS

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            status, answer = 200, token_answer()
        except (OSError, KeyError, ValueError) as error:
            print(f"token: expected one from the metadata server, got {type(error).__name__}", file=sys.stderr)
            status, answer = 503, {"error": "temporarily_unavailable"}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    if "--check" in sys.argv:
        urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", data=b"", timeout=3 * TIMEOUT_SECONDS).close()
    else:
        http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
