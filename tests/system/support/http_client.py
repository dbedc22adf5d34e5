"""An HTTP client that shows everything: one connection, one request at a time."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from . import interface

REVIEW = "application/json"
BATCH = "application/x-ndjson"
TIMEOUT_SECONDS = 60


@dataclass
class Answer:
    status: int
    headers: dict  # names in lower case
    body: bytes
    seconds: float = 0.0  # from the request to the end of the answer

    def json(self):
        return json.loads(self.body)


class Client:
    """A keep-alive connection to one port; connects anew when the server has closed it."""

    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)

    def request(self, method, target, body=None, headers=None):
        began = time.monotonic()
        try:
            self._connection.request(method, target, body, headers or {})
            response = self._connection.getresponse()
            received = response.read()
        except Exception:
            self._connection.close()
            raise
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, received, time.monotonic() - began)

    def get(self, target):
        return self.request("GET", target)

    def close(self):
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class ReviewClient(Client):
    """A client of the public port: what breaks http/openapi.json fails the test that sees it."""

    def request(self, method, target, body=None, headers=None):
        answer = super().request(method, target, body, headers)
        interface.watch(method, target, headers, body, answer)
        return answer

    def post(self, body, content_type=REVIEW, headers=None):
        if isinstance(body, dict):
            body = json.dumps(body, ensure_ascii=False)
        if isinstance(body, str):
            body = body.encode()
        return self.request("POST", "/v1/reviews", body, {"content-type": content_type, **(headers or {})})

    def post_batch(self, reviews, headers=None):
        lines = "".join(json.dumps(review, ensure_ascii=False) + "\n" for review in reviews)
        return self.post(lines, BATCH, headers)


def in_parallel(work, pieces):
    """work(piece) for every piece, each in a thread of its own; results in order, the first error raised."""
    pieces = list(pieces)
    with ThreadPoolExecutor(len(pieces)) as threads:
        return list(threads.map(work, pieces))
