"""SIGTERM drains; every accepted request is answered."""

import http.client
import json
import signal
import threading
import time
from collections import defaultdict

import psycopg2
import pytest

from support.http_client import ReviewClient, in_parallel
from support.places import BUILD
from support.processes import Process
from support.raw_http import Lost, RawConnection
from support.samples import dealt_by_vendor, make_reviews
from support.waiting import wait_until

CONNECTIONS = 64
PIPELINES = 16
DEPTH = 8  # requests under way on one pipelining connection
DRAIN_SECONDS = 25  # shutdown.drain-timeout


class Posters:
    """Connections that post without a pause until nobody listens any more, and what became of each request.

    `fates` is {fate: titles}. A fate is a status; `after close`: sent behind a request whose answer announced the
    close (RFC 9112, 9.6), so not to be processed; `new: …`: the connection had never been answered, so it may not
    have left the listener's queue; `closed`, `reset`, `cut`: an answer that was due and did not come whole.
    """

    def __init__(self, port, depths):
        self.fates = defaultdict(list)
        self._port = port
        self._threads = [threading.Thread(target=self._post, args=each) for each in enumerate(depths)]
        for thread in self._threads:
            thread.start()

    def _post(self, poster, depth):
        number = 0
        while True:
            try:
                connection = RawConnection(self._port)
            except (ConnectionRefusedError, ConnectionResetError):
                return
            is_new = goes_on = True
            while goes_on:
                titles = [f"{poster}-{number + ahead}" for ahead in range(depth)]
                number += depth
                connection.send({"vendor_id": f"v{poster}", "author": "a", "rating": 4, "title": t} for t in titles)
                goes_on, is_new = self._receive(connection, titles, is_new)
            connection.close()

    def _receive(self, connection, titles, is_new):
        """Returns (whether the connection goes on, whether it is still without an answer)."""
        for at, title in enumerate(titles):
            try:
                status, headers, closes = connection.receive()
            except Lost as lost:
                fate = f"new: {lost.how}" if is_new and lost.how != "cut" else lost.how
                self.fates[fate] += titles[at:]
                return False, is_new
            is_new = False
            assert status != 503 or "retry-after" in headers
            self.fates[status].append(title)
            if closes:
                self.fates["after close"] += titles[at + 1 :]
                return False, is_new
        return True, is_new

    def join(self):
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "connection: expected the server's end"


@pytest.fixture
def full_load(stack):
    """A producer that has more to do than it can."""
    producer = stack.started_producer()
    command = [BUILD / "reviewctl", "load", "--url", f"http://127.0.0.1:{producer.port}", "--reviews", 10_000_000]
    load = Process("load", [*command, "--connections", CONNECTIONS], stack.folder)
    load.start()
    try:
        wait_until(lambda: producer.metric("reviews_published_total") > 5000, 30, "full load")
        yield producer
    finally:
        load.end()


@pytest.mark.parametrize("round_number", range(3))
def test_a_producer_drains_under_full_load(stack, full_load, round_number):
    producer = full_load
    posters = Posters(producer.port, [1] * CONNECTIONS + [DEPTH] * PIPELINES)
    wait_until(lambda: len(posters.fates[202]) > 2000, 60, "posts under way")
    began = time.monotonic()

    producer.send(signal.SIGTERM)

    assert producer.wait_for_exit(DRAIN_SECONDS + 5) == 0, producer.log_tail()
    assert time.monotonic() - began < DRAIN_SECONDS
    posters.join()
    fates = {fate: len(titles) for fate, titles in posters.fates.items()}
    print(fates)
    assert fates.keys() <= {202, 503, "after close", "new: closed", "new: reset"}
    written = {json.loads(record.value).get("title") for record in stack.topic.read()}
    for fate, titles in posters.fates.items():
        if fate == 202:
            assert written >= set(titles), "acknowledged, so in the topic"
        else:
            assert not written & set(titles), f"{fate}: not acknowledged, so not written"


def test_a_producer_drains_while_the_broker_is_silent(stack, kafka):
    """Nothing can be acknowledged; everybody is told so, and in time."""
    producer = stack.started_producer()
    answers = []

    def post_or_drain(piece):
        if piece < CONNECTIONS:
            with producer.client() as client:
                answers.append(client.post({"vendor_id": f"v{piece}", "author": "a", "rating": 4}).status)
            return
        wait_until(lambda: producer.metric("reviews_in_flight") == CONNECTIONS, 10, "all in flight")
        producer.send(signal.SIGTERM)
        assert producer.wait_for_exit(DRAIN_SECONDS) == 0, producer.log_tail()

    kafka.send(signal.SIGSTOP)
    try:
        in_parallel(post_or_drain, range(CONNECTIONS + 1))
    finally:
        kafka.send(signal.SIGCONT)

    assert len(answers) == CONNECTIONS
    assert set(answers) <= {503, 504}


def test_a_consumer_drains_under_load(stack):
    reviews = make_reviews(20000, vendors=100, seed=9)
    producer = stack.started_producer()
    producer.post_all_in_batches(dealt_by_vendor(reviews, 32), lines_max=100)
    consumer = stack.started_consumer()
    wait_until(lambda: stack.database.review_count() > 0, 30, "the first rows")

    assert consumer.stop(30) == 0, consumer.log_tail()

    stored = stack.database.next_offsets(stack.group_id, stack.topic_name)
    assert stack.database.review_count() == sum(stored.values()), "rows and offsets move together"


@pytest.mark.parametrize("program", ["producer", "consumer"])
def test_an_idle_program_ends_at_once(stack, program):
    started = getattr(stack, f"started_{program}")()

    assert started.stop(15) == 0, started.log_tail()


def test_a_second_signal_ends_a_producer_at_once(stack, kafka):
    """Even while a review is in flight that nobody acknowledges."""
    producer = stack.started_producer()
    thread = threading.Thread(target=_post_and_ignore, args=(producer.port,))
    kafka.send(signal.SIGSTOP)
    try:
        thread.start()
        wait_until(lambda: producer.metric("reviews_in_flight") > 0, 10, "a review in flight")
        _end_by_two_signals(producer)
    finally:
        kafka.send(signal.SIGCONT)
        thread.join()


def test_a_second_signal_ends_a_consumer_at_once(stack):
    """Even while a batch waits for a lock in the database."""
    consumer = stack.started_consumer()
    locked = psycopg2.connect(stack.database.url)
    try:
        locked.cursor().execute("lock table vendor_ratings in access exclusive mode")
        with stack.started_producer().client() as client:
            client.post({"vendor_id": "v", "author": "a", "rating": 4})
        wait_until(lambda: stack.database.query("select from pg_locks where not granted"), 10, "a batch under way")
        _end_by_two_signals(consumer)
    finally:
        locked.close()


def _end_by_two_signals(program):
    program.send(signal.SIGTERM)
    wait_until(lambda: program.manage("/readyz").status == 503, 10, "draining")
    program.send(signal.SIGTERM)
    assert program.wait_for_exit(5) == 128 + signal.SIGTERM, program.log_tail()
    assert [event["signal"] for event in program.events("ended_at_once")] == [signal.SIGTERM]


def _post_and_ignore(port):
    try:
        with ReviewClient(port) as client:
            client.post({"vendor_id": "v", "author": "a", "rating": 4})
    except (OSError, http.client.HTTPException):
        return
