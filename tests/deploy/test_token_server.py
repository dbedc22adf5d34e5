"""Google's token in the form that librdkafka and the service read."""

import base64
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest

from support.places import COMPONENTS

SCRIPT = COMPONENTS / "google-managed/token_server.py"
ACCOUNT = "reviews-producer@my-project.iam.gserviceaccount.com"
DEADLINE_SECONDS = 30


class Metadata(http.server.BaseHTTPRequestHandler):
    """Google's metadata server, as far as it is asked."""

    answers = {
        "/computeMetadata/v1/instance/service-accounts/default/token": json.dumps(
            {"access_token": "ya29.made-up", "expires_in": 1800, "token_type": "Bearer"}
        ),
        "/computeMetadata/v1/instance/service-accounts/default/email": ACCOUNT,
    }

    def do_GET(self):
        known = self.path in self.answers and self.headers["Metadata-Flavor"] == "Google"
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(self.answers.get(self.path, "").encode() if known else b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def metadata_url():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def serve():
    """Starts the script; gives its URL and its environment once it listens."""
    processes = []

    def start(metadata):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {**os.environ, "PORT": str(port), "METADATA_URL": metadata}
        processes.append(subprocess.Popen([sys.executable, SCRIPT], env=environment, stderr=subprocess.DEVNULL))
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return f"http://127.0.0.1:{port}", environment
            except OSError:
                assert time.monotonic() < deadline and processes[-1].poll() is None
                time.sleep(0.05)

    yield start
    for each in processes:
        each.terminate()
        each.wait(10)


def ask(url):
    body = b"grant_type=client_credentials"
    with urllib.request.urlopen(url, data=body, timeout=DEADLINE_SECONDS) as answer:
        return json.load(answer)


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


def is_fit(environment):
    return subprocess.run([sys.executable, SCRIPT, "--check"], env=environment, capture_output=True, timeout=60, check=False)


def test_a_token_names_the_account_and_its_end(serve, metadata_url):
    url, environment = serve(metadata_url)
    before = int(time.time())

    answer = ask(url)

    header, payload, token = map(decoded, answer["access_token"].split("."))
    claims = json.loads(payload)
    assert json.loads(header) == {"typ": "JWT", "alg": "GOOG_OAUTH2_TOKEN"}
    assert token == "ya29.made-up"
    assert claims["sub"] == ACCOUNT
    assert before + 1800 <= claims["exp"] <= time.time() + 1800
    assert answer["expires_in"] == 1800
    assert is_fit(environment).returncode == 0


def test_without_metadata_there_is_no_token(serve):
    url, environment = serve("http://127.0.0.1:1")

    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(url)

    assert refused.value.code == 503
    assert is_fit(environment).returncode != 0
