"""Supervision seen working: a port fails inside a running program, and what its actor's end does to the rest."""

import contextlib
import http.client
import json
import threading

import pytest

from support.places import BUILD
from support.waiting import wait_until

# What fails, and who calls it there.
PRODUCER_FAULTS = [("produce", "publisher-0")]
CONSUMER_FAULTS = [("store", "writer-"), ("consume", "consumer-"), ("commit", "group-consumer"), ("produce", "dead-letters")]


@pytest.fixture
def ports(stack):
    """Makes ports fail in the programs that are started with `environment`."""
    return FailingPorts(stack.folder / "ports")


class FailingPorts:
    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.environment = {"LD_PRELOAD": str(BUILD / "tests/libfailing_ports.so"), "FAILING_PORTS": str(folder)}

    def fail(self, port, how):
        (self.folder / f"{port}.{how}").touch()

    def mend(self, port):
        (self.folder / f"{port}.always").unlink()


class Posters:
    """Posts reviews over a few connections until stopped, each again with its key until it is accepted."""

    def __init__(self, producer, connections=4):
        self.accepted, self.sent_again = [], []
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._post, args=(producer, n)) for n in range(connections)]
        for thread in self._threads:
            thread.start()

    def _post(self, producer, connection):
        with producer.client() as client:
            number = 0
            while not self._is_over.is_set():
                key = {"idempotency-key": f"{connection}-{number}"}
                answer = client.post({"vendor_id": f"v{connection}", "author": "a", "rating": 5}, headers=key)
                if answer.status == 202:
                    self.accepted.append(answer.json()["review_id"])
                    number += 1
                else:
                    assert answer.status in (503, 504), answer
                    self.sent_again.append(answer.status)

    def wait_for_more(self, count=200):
        wanted = len(self.accepted) + count
        wait_until(lambda: len(self.accepted) >= wanted, 60, f"{wanted} accepted reviews")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for thread in self._threads:
            thread.join(60)


def children(program):
    return json.loads(program.manage("/actors").body)["children"]


def restarted(program):
    return {child["actor"]: child["restarts"] for child in children(program) if child["restarts"]}


def events(program, name):
    return [line for line in map(json.loads, program.log().splitlines()) if line["event"] == name]


def assert_only_one_restarted(program, whose):
    wait_until(lambda: restarted(program), 20, f"{whose}: restarted")
    wait_until(lambda: all(child["running"] for child in children(program) if child["pool"] != "startup"),
               20, "every actor running")  # fmt: skip
    (actor, times), = restarted(program).items()
    assert actor.startswith(whose)
    assert times == 1
    assert program.metric("reviews_supervisor_restarts_total", actor=actor) == 1
    assert program.metric("reviews_supervisor_restarts_total") == 1
    assert [event["actor"] for event in events(program, "actor_restarting")] == [actor]
    assert events(program, "actor_restarting")[0]["reason"]
    assert program.manage("/livez").status == 200
    assert program.manage("/readyz").status == 200


def write_poison(stack):
    stack.topic.write(b"v0", b"no review")


@pytest.mark.parametrize(("port", "whose"), PRODUCER_FAULTS)
def test_an_actor_of_the_producer_restarts_alone(stack, ports, port, whose):
    producer = stack.started_producer(**ports.environment)
    stack.started_consumer()
    with Posters(producer) as posters:
        posters.wait_for_more()

        ports.fail(port, "once")

        assert_only_one_restarted(producer, whose)
        posters.wait_for_more()
    assert 504 in posters.sent_again, "what the publisher held was answered, its outcome unknown"
    stack.wait_until_caught_up()
    stored = {str(row["review_id"]) for row in stack.database.query("select review_id from reviews")}
    assert stored == set(posters.accepted)


def test_a_read_that_fails_inside_is_answered_by_another_reader_and_ends_nobody(stack, ports):
    producer = stack.started_producer(**ports.environment)
    with producer.client() as client:

        def read():
            return client.get("/v1/vendors/v0/rating").status

        assert read() == 200
        ports.fail("store", "once")
        assert read() == 200
        assert len(events(producer, "read_failed")) == 1

        ports.fail("store", "always")
        assert {read() for _ in range(30)} == {500}
        assert client.post({"vendor_id": "v0", "author": "a", "rating": 5}).status == 202
        ports.mend("store")
        assert read() == 200
    assert restarted(producer) == {}


@pytest.mark.parametrize(("port", "whose"), CONSUMER_FAULTS)
def test_an_actor_of_the_consumer_restarts_alone(stack, ports, port, whose):
    producer = stack.started_producer()
    consumer = stack.started_consumer(**ports.environment)
    with Posters(producer) as posters:
        posters.wait_for_more()

        ports.fail(port, "once")
        if whose == "dead-letters":
            write_poison(stack)

        assert_only_one_restarted(consumer, whose)
        posters.wait_for_more()
    assert posters.sent_again == [], "clients notice nothing"
    stack.wait_until_caught_up()
    stored = {str(row["review_id"]) for row in stack.database.query("select review_id from reviews")}
    assert stored == set(posters.accepted)


def test_a_spent_budget_drains_the_consumer_and_exits_70(stack, ports):
    producer = stack.started_producer()
    consumer = stack.started_consumer(REVIEWS_SUPERVISION_RESTARTS_MAX="3", **ports.environment)
    with Posters(producer) as posters:
        posters.wait_for_more()

        ports.fail("store", "always")

        assert consumer.wait_for_exit(60) == 70, consumer.log_tail()
        posters.wait_for_more()
    assert posters.sent_again == []
    assert [len(events(consumer, name)) for name in ("supervision_gave_up", "drain_begun", "drain_ended")] == [1, 1, 1]
    ports.mend("store")
    consumer.start()


def test_a_spent_budget_answers_everybody_and_exits_70(stack, ports):
    producer = stack.started_producer(REVIEWS_SUPERVISION_RESTARTS_MAX="3", **ports.environment)
    ports.fail("produce", "always")
    answers = []

    def post_on():
        with contextlib.suppress(OSError, http.client.HTTPException), producer.client() as client:
            while True:
                answers.append(client.post({"vendor_id": "v", "author": "a", "rating": 5}).status)

    posting = threading.Thread(target=post_on)
    posting.start()
    try:
        assert producer.wait_for_exit(60) == 70, producer.log_tail()
    finally:
        producer.end()  # which ends the posting
        posting.join(60)
    assert 504 in answers
    assert set(answers) <= {503, 504}
    assert [len(events(producer, name)) for name in ("supervision_gave_up", "drain_begun", "drain_ended")] == [1, 1, 1]
