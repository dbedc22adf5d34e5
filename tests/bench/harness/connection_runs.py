"""What connections cost the producer that nobody uses."""

import resource
import socket

from support.waiting import wait_until

TOPIC = "bench.connections"
COUNT = 10_000
CASE = f"{COUNT:,} idle connections"
NEW = "opened, nothing said"
POSTED = "idle after a post each"
_AT_ONCE = 100
_BODY = b'{"vendor_id":"cafe-12345","author":"Ada","rating":5,"title":"Good","text":"%s"}' % (b"x" * 200)
_POST = (
    b"POST /v1/reviews HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    % (len(_BODY), _BODY)
)


class ConnectionRuns:
    """Every run has a new producer, since memory that was used once is not all given back."""

    def __init__(self, stage, results, say):
        self._stage = stage
        self._results = results
        self._say = say
        stage.create_topic(TOPIC)
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert most > COUNT + 1000, f"open files: expected a hard limit above {COUNT + 1000}, got {most}"
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the producer's, too

    def measure(self, repetitions):
        for _ in range(repetitions):
            producer = self._stage.producer(TOPIC)
            self._say(CASE)
            connections = [socket.create_connection(("127.0.0.1", producer.port), 10) for _ in range(COUNT)]
            wait_until(lambda: _count(producer) >= COUNT, 20, f"{COUNT} connections accepted")
            self._add(NEW, producer)
            for begin in range(0, COUNT, _AT_ONCE):
                _post_over(connections[begin : begin + _AT_ONCE])
            assert _count(producer) >= COUNT, f"connections: expected {COUNT}, got {_count(producer)}"
            self._add(POSTED, producer)
            for each in connections:
                each.close()
            producer.stop()

    def _add(self, subject, producer):
        self._results.add(CASE, subject, {"rss_mib": producer.resident_bytes() / 2**20})


def _count(producer):
    return producer.metric("http_server_connections")


def _post_over(connections):
    for each in connections:
        each.sendall(_POST)
    for each in connections:
        answer = each.recv(4096)
        assert answer.startswith(b"HTTP/1.1 202 "), f"post: expected 202, got {answer[:60]!r}"
