"""POST with `Prefer: wait`: the answer comes when the review is stored."""

import threading
import time

from support.waiting import wait_until

REVIEW = {"vendor_id": "cafe-uno", "author": "Ada", "rating": 5}


def wait(seconds, **headers):
    return {"prefer": f"wait={seconds}", **headers}


def listens(producer):
    return producer.metric("reviews_feed_listening") == 1


def started(stack):
    """A producer that hears of commits."""
    producer = stack.started_producer()
    wait_until(lambda: listens(producer), 20, "listening to commits")
    return producer


def test_a_stored_review_is_answered_with_the_time_of_each_stage(stack):
    producer = started(stack)
    stack.started_consumer()

    with producer.client() as client:
        answer = client.post(REVIEW, headers=wait(5))

        body = answer.json()
        assert answer.status == 201, answer
        assert answer.headers["preference-applied"] == "wait=5"
        assert answer.headers["location"] == f"/v1/reviews/{body['review_id']}"
        assert set(body) == {
            "review_id", "vendor_id", "status", "partition", "offset", "created_at",
            "stages", "consumer", "actor", "writer", "batch",
        }  # fmt: skip
        row = stack.database.review(body["review_id"])
        assert (row["topic_partition"], row["topic_offset"]) == (body["partition"], body["offset"])
        stages = body["stages"]
        assert body["created_at"] == stages["taken_in_at"] <= stages["acknowledged_at"] <= stages["committed_at"]
        assert stages["taken_in_at"] <= stages["consumed_at"] <= stages["committed_at"]
        assert (body["status"], body["consumer"]) == ("stored", f"{stack.group_id}-one")
        assert body["batch"]["from_offset"] <= body["offset"] < body["batch"]["next_offset"]
        assert body["batch"]["rows"] == 1
        assert client.get(answer.headers["location"]).status == 200


def test_a_review_that_was_stored_before_is_answered_with_its_row(stack):
    producer = started(stack)
    stack.started_consumer()

    with producer.client() as client:
        first = client.post(REVIEW, headers=wait(5, **{"idempotency-key": "once"}))
        again = client.post({**REVIEW, "author": "Eve"}, headers=wait(5, **{"idempotency-key": "once"}))

    assert (first.status, again.status) == (201, 200)
    body = again.json()
    assert body["status"] == "stored" and body["duplicate"] is True
    for name in ("review_id", "partition", "offset", "created_at"):
        assert body[name] == first.json()[name]
    assert again.headers["preference-applied"] == "wait=5"


def test_many_wait_at_once_and_all_are_answered(stack):
    producer = started(stack)
    stack.started_consumer()
    answers = []

    def post(number):
        with producer.client() as client:
            for i in range(10):
                answers.append(client.post({**REVIEW, "vendor_id": f"v{number}-{i}"}, headers=wait(9)))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status for answer in answers] == [201] * 200
    assert producer.metric("reviews_commit_waits_total", outcome="stored") == 200
    assert producer.metric("reviews_commit_waiters") == 0


def test_without_a_consumer_the_answer_is_202_when_the_time_is_over(stack):
    producer = started(stack)

    with producer.client() as client:
        answer = client.post(REVIEW, headers=wait(2))

    assert answer.status == 202 and answer.json()["status"] == "accepted"
    assert "preference-applied" not in answer.headers
    assert 2 <= answer.seconds < 5
    stack.started_consumer()
    wait_until(lambda: stack.database.review(answer.json()["review_id"]), 30, "the row")


def test_without_a_database_the_answer_is_202(stack, postgres):
    producer = started(stack)
    stack.started_consumer()

    postgres.stop()
    try:
        wait_until(lambda: not listens(producer), 20, "the loss noticed")
        with producer.client() as client:
            answer = client.post(REVIEW, headers=wait(5))
        assert answer.status == 202
        assert answer.seconds < 5
    finally:
        postgres.start()

    wait_until(lambda: listens(producer), 30, "listening again")
    with producer.client() as client:
        wait_until(lambda: client.post(REVIEW, headers=wait(5)).status == 201, 30, "201 again")


def test_a_wait_ends_when_the_database_goes_away(stack, postgres):
    producer = started(stack)
    answers = []

    def post():
        with producer.client() as client:
            answers.append(client.post(REVIEW, headers=wait(9)))

    waiting = threading.Thread(target=post)
    waiting.start()
    wait_until(lambda: producer.metric("reviews_commit_waiters") == 1, 10, "a waiter")
    postgres.stop()
    try:
        waiting.join(8)
        assert answers and answers[0].status == 202
    finally:
        postgres.start()


def test_a_drain_answers_who_waits(stack):
    producer = started(stack)
    answers = []

    def post():
        with producer.client() as client:
            answers.append(client.post(REVIEW, headers=wait(9)))

    waiting = threading.Thread(target=post)
    waiting.start()
    wait_until(lambda: producer.metric("reviews_commit_waiters") == 1, 10, "a waiter")
    began = time.monotonic()

    assert producer.stop() == 0

    waiting.join()
    assert answers[0].status == 202
    assert time.monotonic() - began < 8


def test_who_prefers_nothing_or_something_else_does_not_wait(stack):
    producer = started(stack)
    stack.started_consumer()

    with producer.client() as client:
        assert client.post(REVIEW, headers=wait("soon")).status == 202
        assert client.post(REVIEW, headers=wait(0)).status == 202
        assert client.post_batch([REVIEW], headers=wait(5)).status == 202
        assert client.post(REVIEW, headers={"prefer": "respond-async, wait=5"}).status == 201
