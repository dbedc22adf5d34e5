"""Clients that post while programs come and go, and try again as the interface tells them to."""

import http.client
import threading
import time
import uuid
from collections import Counter

from .http_client import ReviewClient

TRIES_SECONDS = 30  # for one review
PAUSE_SECONDS = 0.01  # between two reviews, and between two tries


class Service:
    """The producers that are given requests, in turn, as a load balancer does."""

    def __init__(self):
        self._ports = []
        self._turn = 0
        self._lock = threading.Lock()

    def add(self, port):
        with self._lock:
            self._ports.append(port)

    def remove(self, port):
        with self._lock:
            self._ports.remove(port)

    def next_port(self):
        with self._lock:
            self._turn += 1
            return self._ports[self._turn % len(self._ports)]


class PostingClients:
    """Each posts the reviews of a vendor of its own, one after the other, from `with` to its end.

    A review that is answered 503, or not at all, is posted again with the same `review_id`; any other answer but 202
    is a failure.
    """

    def __init__(self, service, vendors):
        self.acknowledged = {vendor: [] for vendor in vendors}  # {vendor: review_ids in order}
        self.retried = Counter()  # {why: how often}
        self.failures = []
        self._service = service
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._post_all, args=(vendor,)) for vendor in vendors]

    def count(self):
        return sum(map(len, self.acknowledged.values()))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _post_all(self, vendor):
        connections = {}  # {port: Client}
        while not self._is_over.wait(PAUSE_SECONDS):
            review = {"vendor_id": vendor, "author": "a", "rating": 4, "review_id": str(uuid.uuid4())}
            if self._is_acknowledged(review, connections):
                self.acknowledged[vendor].append(review["review_id"])
        for connection in connections.values():
            connection.close()

    def _is_acknowledged(self, review, connections):
        gives_up = time.monotonic() + TRIES_SECONDS
        while time.monotonic() < gives_up:
            port = self._service.next_port()
            try:
                answer = connections.setdefault(port, ReviewClient(port)).post(review)
            except (OSError, http.client.HTTPException) as error:
                self._note_retry(type(error).__name__)
                continue
            if answer.status != 503:
                break
            self._note_retry("503")
        else:
            return self._note_failure(f"{review['review_id']}: expected an answer within {TRIES_SECONDS} s")
        return answer.status == 202 or self._note_failure(f"{answer.status} {answer.body}")

    def _note_retry(self, why):
        with self._lock:
            self.retried[why] += 1
        time.sleep(PAUSE_SECONDS)

    def _note_failure(self, what):
        with self._lock:
            self.failures.append(what)
        return False
