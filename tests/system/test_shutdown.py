"""SIGTERM drains; every accepted request is answered."""

import http.client
import signal
import threading

import pytest

from support.http_client import Client
from support.samples import dealt_by_vendor, make_reviews
from support.waiting import wait_until

CONNECTIONS = 32


class Posters:
    """Connections that post one review after the other until the server is gone."""

    def __init__(self, port):
        self.accepted, self.refused, self.unanswered, self.unexpected = [], [], [], []
        self._threads = [threading.Thread(target=self._post, args=(port, n)) for n in range(CONNECTIONS)]
        for thread in self._threads:
            thread.start()

    def _post(self, port, connection):
        number = 0
        with Client(port) as client:
            while True:
                title = f"{connection}-{number}"
                number += 1
                try:
                    answer = client.post({"vendor_id": f"v{connection}", "author": "a", "rating": 4, "title": title})
                except ConnectionRefusedError:
                    return
                except (OSError, http.client.HTTPException):
                    self.unanswered.append(title)
                    continue
                if answer.status == 202:
                    self.accepted.append(title)
                elif answer.status == 503 and "retry-after" in answer.headers:
                    self.refused.append(title)
                else:
                    self.unexpected.append(answer)

    def join(self):
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "connection: expected the server's end"


def test_a_producer_drains_under_load(stack):
    producer = stack.started_producer()
    stack.started_consumer()
    posters = Posters(producer.port)
    wait_until(lambda: len(posters.accepted) > 1000, 60, "posts under way")

    producer.send(signal.SIGTERM)

    assert producer.wait_for_exit(30) == 0, producer.log_tail()
    posters.join()
    assert not posters.unexpected
    stack.wait_until_caught_up()
    stored = {row["title"] for row in stack.database.query("select title from reviews")}
    assert stored == set(posters.accepted), "what was taken in was answered, and the other way round"


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


@pytest.mark.parametrize("program", ["producer", "consumer"])
def test_a_second_signal_ends_at_once(stack, kafka, program):
    """Even while something is under way that cannot finish."""
    started = getattr(stack, f"started_{program}")()
    thread = None
    if program == "producer":
        kafka.send(signal.SIGSTOP)
        thread = threading.Thread(target=_post_and_ignore, args=(started.port,))
        thread.start()
        wait_until(lambda: started.metric("reviews_in_flight") > 0, 10, "a review in flight")
    try:
        started.send(signal.SIGTERM)
        if program == "producer":
            wait_until(lambda: started.manage("/readyz").status == 503, 10, "draining")
        started.send(signal.SIGTERM)
        started.wait_for_exit(5)
    finally:
        if thread:
            kafka.send(signal.SIGCONT)
            thread.join()


def _post_and_ignore(port):
    try:
        with Client(port) as client:
            client.post({"vendor_id": "v", "author": "a", "rating": 4})
    except (OSError, http.client.HTTPException):
        return
