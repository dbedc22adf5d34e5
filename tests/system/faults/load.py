"""Clients that post reviews and keep every answer."""

import http.client
import json
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

SINGLES = 16  # connections that post one review after the other
BATCHERS = 2  # connections that post batches
VENDORS_A_CLIENT = 4
LINES = 6
ANSWER_TIMEOUT_SECONDS = 15  # beyond http.request-timeout, so that the producer's own 504 is seen
PAUSE_SECONDS = 0.06
RETRY_SECONDS = 0.2
LAST_ANSWERS_SECONDS = 60

# What leaves open whether the review was written.
UNKNOWN = {"504", "reset", "timeout"}
EXPECTED = UNKNOWN | {"202", "503", "refused"}


@dataclass
class Posted:
    """One review and what its client was told."""

    vendor_id: str
    number: int  # of its vendor's
    rating: int
    review_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    receipts: list = field(default_factory=list)  # (partition, offset)
    failures: list = field(default_factory=list)  # (when it began, seconds, status, why)

    def body(self):
        return {
            "vendor_id": self.vendor_id,
            "author": "a",
            "rating": self.rating,
            "title": str(self.number),
            "review_id": self.review_id,
        }


class Ledger:
    """Every answer, and per partition what is needed to tell when things flow again."""

    def __init__(self):
        self.posted = []
        self.answers = []  # (when it came, status)
        self.unexpected = []
        self.acknowledged = {}  # {partition: (when the last request that was acknowledged began, offset)}
        self._lock = threading.Lock()

    def begin(self, review):
        with self._lock:
            self.posted.append(review)
        return review

    def note(self, review, began, status, document):
        """`document`: a receipt, a problem, or None."""
        now = time.time()
        with self._lock:
            self.answers.append((now, status))
            if status != "202":
                why = document and document.get("detail")
                review.failures.append((round(began, 3), round(now - began, 3), status, why))
            if status == "202":
                place = document["partition"], document["offset"]
                review.receipts.append(place)
                before = self.acknowledged.get(place[0], (0, 0))
                self.acknowledged[place[0]] = max(began, before[0]), max(place[1], before[1])
            elif status not in EXPECTED and len(self.unexpected) < 20:
                self.unexpected.append(f"{status} {document}")

    def seen(self, since, until):
        """{status: how often} in that time."""
        with self._lock:
            recent = []
            for when, status in reversed(self.answers):
                if when < since:
                    break
                if when <= until:
                    recent.append(status)
        return Counter(recent)


class Load:
    """Posts until `finish`. Each client has vendors of its own: a vendor's reviews follow each other."""

    def __init__(self, port, ledger):
        self._port = port
        self.ledger = ledger
        self._is_over = threading.Event()
        self._last_answers_until = None
        work = [self._post_singly] * SINGLES + [self._post_batches] * BATCHERS
        self._threads = [threading.Thread(target=each, args=(number,)) for number, each in enumerate(work)]
        for thread in self._threads:
            thread.start()

    def finish(self):
        """Ends it once every review under way is acknowledged; how many are not within a minute."""
        self._last_answers_until = time.time() + LAST_ANSWERS_SECONDS
        self._is_over.set()
        for thread in self._threads:
            thread.join()
        return sum(not review.receipts for review in self.ledger.posted)

    def _gives_up(self):
        return self._is_over.is_set() and time.time() > self._last_answers_until

    def _post_singly(self, client):
        connection = _Connection(self._port)
        number = 0
        while not self._is_over.wait(PAUSE_SECONDS):
            vendor = f"c{client}-{number % VENDORS_A_CLIENT}"
            review = self.ledger.begin(Posted(vendor, number // VENDORS_A_CLIENT, number % 5 + 1))
            number += 1
            while not review.receipts and not self._gives_up():
                began = time.time()
                status, document = connection.post(json.dumps(review.body()), "application/json")
                self.ledger.note(review, began, status, document)
                if status != "202":
                    time.sleep(RETRY_SECONDS)

    def _post_batches(self, client):
        """Every line is of another vendor; lines that were refused are sent again, before the next batch."""
        connection = _Connection(self._port)
        number = 0
        while not self._is_over.wait(PAUSE_SECONDS * LINES):
            batch = [
                self.ledger.begin(Posted(f"b{client}-{line}", number, (number + line) % 5 + 1))
                for line in range(LINES)
            ]
            number += 1
            while batch and not self._gives_up():
                began = time.time()
                lines = "".join(json.dumps(review.body()) + "\n" for review in batch)
                status, document = connection.post(lines, "application/x-ndjson")
                for review, (line_status, line) in zip(batch, _by_line(status, document, len(batch)), strict=True):
                    self.ledger.note(review, began, line_status, line)
                batch = [review for review in batch if not review.receipts]
                if batch:
                    time.sleep(RETRY_SECONDS)


def _by_line(status, document, count):
    """(status, receipt or problem) of each line."""
    if document and "results" in document:
        return [("202" if each["status"] == "accepted" else str(each["status"]), each) for each in document["results"]]
    return [(status, document)] * count


class _Connection:
    """Keep-alive; made anew whenever it breaks."""

    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_TIMEOUT_SECONDS)

    def post(self, body, content_type):
        """(status or what became of the connection, the answer's document)"""
        try:
            self._connection.request("POST", "/v1/reviews", body, {"content-type": content_type})
            answer = self._connection.getresponse()
            return str(answer.status), json.loads(answer.read())
        except ConnectionRefusedError:
            status = "refused"
        except TimeoutError:
            status = "timeout"
        except (OSError, http.client.HTTPException):
            status = "reset"
        except ValueError:
            status = "no JSON"
        self._connection.close()
        return status, None
