"""The broker goes away and comes back."""

import contextlib
import time

import pytest

from support.http_client import in_parallel
from support.waiting import wait_until

REQUEST_TIMEOUT_SECONDS = 10  # http.request-timeout
REVIEW = {"vendor_id": "v", "author": "a", "rating": 3}


@contextlib.contextmanager
def outage(kafka, end):
    end(kafka)
    try:
        yield
    finally:
        kafka.start()


def test_posts_get_503_in_time_and_work_again_after_the_return(stack, kafka):
    producer = stack.started_producer()
    stack.started_consumer()
    with producer.client() as client:
        assert client.post(REVIEW).status == 202

        with outage(kafka, lambda broker: broker.stop()):
            for _ in range(3):
                answer = client.post(REVIEW)
                assert answer.status == 503, answer
                assert int(answer.headers["retry-after"]) >= 1
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.seconds < REQUEST_TIMEOUT_SECONDS + 1
            assert producer.is_running()
            assert producer.manage("/livez").status == 200
            assert producer.is_ready()

        wait_until(lambda: client.post(REVIEW).status == 202, 20, "202 after the broker's return")


def test_a_broker_killed_under_load_loses_no_acknowledged_review(stack, kafka):
    producer = stack.started_producer()
    consumer = stack.started_consumer()
    answers = {202: [], 503: [], 504: []}
    stop_posting_at = []

    def post(connection):
        with producer.client() as client:
            number = 0
            while not stop_posting_at or time.monotonic() < stop_posting_at[0]:
                key = f"{connection}-{number}"
                number += 1
                answer = client.post({"vendor_id": f"v{connection}", "author": "a", "rating": 3, "title": key})
                answers[answer.status].append(key)

    def break_broker(_):
        wait_until(lambda: len(answers[202]) > 500, 30, "posts under way")
        with outage(kafka, lambda broker: broker.kill()):
            wait_until(lambda: answers[503] or answers[504], 30, "posts refused")
        accepted = len(answers[202])
        wait_until(lambda: len(answers[202]) > accepted + 500, 60, "posts accepted again")
        stop_posting_at.append(time.monotonic())

    def work(piece):
        try:
            break_broker(piece) if piece == "broker" else post(piece)
        finally:
            if piece == "broker" and not stop_posting_at:
                stop_posting_at.append(0.0)

    in_parallel(work, ["broker", *range(16)])

    assert producer.is_running() and consumer.is_running()
    stack.wait_until_caught_up()
    stored = [row["title"] for row in stack.database.query("select title from reviews")]
    assert len(stored) == len(set(stored))
    assert set(answers[202]) <= set(stored)
    assert not set(answers[503]) & set(stored), "503 says that nothing was done"
    assert set(stored) <= set(answers[202]) | set(answers[504])


@pytest.mark.parametrize("program", ["producer", "consumer"])
def test_a_start_without_broker_waits_for_it(stack, kafka, program):
    started = getattr(stack, program)()

    with outage(kafka, lambda broker: broker.stop()):
        started.launch()
        wait_until(lambda: _status(started, "/livez") == 200, 20, "alive")
        assert _status(started, "/readyz") == 503

    wait_until(started.is_ready, 30, "ready after the broker's return")


def _status(program, target):
    with contextlib.suppress(OSError):
        return program.manage(target).status
    return None
