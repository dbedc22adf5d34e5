"""Reading reviews back over HTTP, and reading on while something happens."""

import re
import threading
from collections import Counter

from .waiting import wait_until

_NEXT = re.compile(r'<([^>]+)>; rel="next"')


def pages_of(client, vendor_id, limit, between=lambda: None):
    """Every review of a vendor as its pages show them, by their links; calls `between()` between two pages."""
    target = f"/v1/vendors/{vendor_id}/reviews?limit={limit}"
    while target:
        answer = client.get(target)
        assert answer.status == 200, answer
        page = answer.json()
        assert len(page["reviews"]) <= limit
        yield from page["reviews"]
        link = _NEXT.fullmatch(answer.headers.get("link", ""))
        assert bool(link) == (page["next_cursor"] is not None)
        target = link and link[1]
        between()


def wait_until_read(client, target, seconds=30):
    """The first 200 to a GET of `target`."""
    return wait_until(lambda: (answer := client.get(target)).status == 200 and answer, seconds, f"{target}: 200")


class ReadingInBackground:
    """Asks for the targets in turn over some connections, from `with` to its end; counts the statuses."""

    CONNECTIONS = 4

    def __init__(self, producer, targets):
        self.statuses = Counter()
        self.slowest = 0.0
        self._producer = producer
        self._targets = targets
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._read) for _ in range(self.CONNECTIONS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self, count=200):
        """Until some answers have come after what just happened."""
        before = self.statuses.total()
        wait_until(lambda: self.statuses.total() >= before + count, 30, "more answers")

    def _read(self):
        with self._producer.client() as client:
            while not self._is_over.is_set():
                for target in self._targets:
                    answer = client.get(target)
                    with self._lock:
                        self.statuses[answer.status] += 1
                        self.slowest = max(self.slowest, answer.seconds)
