"""GET /v1/events: reviews once they are stored, and the pipeline as it is."""

import json
import socket
import threading
import time

from support.event_stream import EventStream
from support.samples import make_reviews
from support.waiting import wait_until

REVIEW = {"vendor_id": "cafe-uno", "author": "Ada", "rating": 5, "text": "great ☕\n<b>"}


def owners(state):
    return {each["partition"]: each["consumer"] for each in state["partitions"]}


def post_all(producer, reviews):
    with producer.client() as client:
        return [client.post(review).json() for review in reviews]


def test_a_review_is_told_with_its_way_once_its_row_is_there(stack):
    producer = stack.started_producer()
    stack.started_consumer()

    with EventStream(producer.port) as events:
        assert (events.status, events.headers["content-type"]) == (200, "text/event-stream")
        assert events.headers["cache-control"] == "no-store"
        receipt = post_all(producer, [REVIEW])[0]
        (event,) = events.wait_for_reviews(1)

        assert 2000 <= events.retry_ms <= 5000
        assert event.id == f"{receipt['partition']}-{receipt['offset']}"
        assert set(event.data) == {
            "review", "consumer", "actor", "writer", "batch", "consumed_at", "committed_at", "skipped"
        }  # fmt: skip
        with producer.client() as client:
            assert event.data["review"] == client.get(f"/v1/reviews/{receipt['review_id']}").json()
        assert event.data["review"]["text"] == REVIEW["text"]
        assert event.data["consumer"] == f"{stack.group_id}-one"
        assert event.data["actor"].startswith("consumer-") and event.data["writer"].startswith("writer-")
        assert receipt["created_at"] <= event.data["consumed_at"] <= event.data["committed_at"]
        offset = receipt["offset"]
        assert event.data["batch"] == {"from_offset": offset, "next_offset": offset + 1, "rows": 1}
        assert event.data["skipped"] == 0


def test_nothing_is_told_before_its_row_can_be_read(stack):
    producer = stack.started_producer()
    stack.started_consumer()
    missing = []

    with EventStream(producer.port) as events:
        told = threading.Event()

        def look():
            seen = 0
            while not told.is_set() or seen < len(events.reviews()):
                for event in events.reviews()[seen:]:
                    seen += 1
                    if not stack.database.review(event.data["review"]["review_id"]):
                        missing.append(event.id)

        watcher = threading.Thread(target=look)
        watcher.start()
        post_all(producer, make_reviews(60, vendors=5, seed=3))
        events.wait_for_reviews(60)
        told.set()
        watcher.join()

    assert missing == []


def test_what_was_stored_before_is_no_news(stack):
    producer = stack.started_producer()
    stack.started_consumer()

    with EventStream(producer.port) as events, producer.client() as client:
        for _ in range(3):
            assert client.post(REVIEW, headers={"idempotency-key": "once"}).status == 202
        last = client.post({**REVIEW, "author": "Eve"}).json()
        wait_until(lambda: events.reviews() and events.reviews()[-1].data["review"]["author"] == "Eve", 20, "Eve")

        assert [event.data["review"]["author"] for event in events.reviews()] == ["Ada", "Eve"]
        assert events.reviews()[-1].id == f"{last['partition']}-{last['offset']}"


def test_two_producers_tell_the_same_in_the_same_order_and_one_goes_on_for_the_other(stack):
    here, there = stack.started_producer(), stack.started_producer()
    stack.started_consumer()

    with EventStream(here.port) as one, EventStream(there.port) as other:
        post_all(here, make_reviews(40, vendors=20, seed=4))
        ids = [event.id for event in one.wait_for_reviews(40)]
        assert [event.id for event in other.wait_for_reviews(40)] == ids
        assert len(set(ids)) == 40

        with EventStream(there.port, last_event_id=ids[29]) as resumed:
            assert [event.id for event in resumed.wait_for_reviews(10)] == ids[30:]
        with EventStream(there.port, last_event_id="0-999999") as newcomer:
            post_all(here, [REVIEW])
            assert len(newcomer.wait_for_reviews(1)) == 1


def test_the_pipeline_is_as_kafka_and_postgres_say(stack):
    producer = stack.started_producer()
    consumer = stack.started_consumer()
    post_all(producer, make_reviews(30, vendors=20, seed=5))
    stack.wait_until_caught_up()

    with EventStream(producer.port) as events:
        ends = stack.topic.end_offsets()
        state = events.wait_for_pipeline(
            lambda state: all(each["state"] == "running" for each in state["partitions"])
            and {each["partition"]: each["log_end"] for each in state["partitions"]} == ends,
            20,
            "every partition running",
        )

        assert (state["kafka"], state["database"]) == ("reachable", "reachable")
        assert (state["topic"], state["group"]) == (stack.topic_name, stack.group_id)
        assert state["listeners"] == 1
        stored = stack.database.next_offsets(stack.group_id, stack.topic_name)
        for each in state["partitions"]:
            assert each["stored"] == stored.get(each["partition"], 0)
            assert each["lag"] == 0
            assert each["leader"] in each["replicas"] and each["leader"] in each["in_sync"]
            assert each["consumer"] == f"{stack.group_id}-one"
            assert each["actor"] == f"consumer-{each['partition'] % 2}"
        (member,) = state["consumers"]
        assert member["partitions"] == [0, 1, 2, 3, 4, 5]
        assert member["rebalances"] == consumer.metric("reviews_rebalances_total")
        assert len(events.events("pipeline")) <= 25


def test_lag_grows_while_the_consumer_is_stopped_and_goes_when_it_is_back(stack):
    producer = stack.started_producer()
    consumer = stack.started_consumer()

    with EventStream(producer.port) as events:
        events.wait_for_pipeline(lambda state: None not in owners(state).values(), 20, "an owner each")
        consumer.stop()
        post_all(producer, make_reviews(20, vendors=20, seed=6))
        state = events.wait_for_pipeline(
            lambda state: sum(each["lag"] for each in state["partitions"]) == 20
            and all(each["state"] == "unassigned" for each in state["partitions"]),
            20,
            "lag on partitions that nobody has",
        )
        assert state["consumers"] == []
        consumer.start()
        events.wait_for_pipeline(
            lambda state: all(each["lag"] == 0 and each["state"] == "running" for each in state["partitions"]),
            30,
            "no lag",
        )


def test_partitions_move_when_a_second_consumer_comes(stack):
    producer = stack.started_producer()
    stack.started_consumer()

    with EventStream(producer.port) as events:
        events.wait_for_pipeline(lambda state: None not in owners(state).values(), 20, "an owner each")
        stack.started_consumer("two")
        state = events.wait_for_pipeline(
            lambda state: len(set(owners(state).values()) - {None}) == 2 and None not in owners(state).values(),
            30,
            "two owners",
        )

    assert sorted(len(member["partitions"]) for member in state["consumers"]) == [3, 3]
    assert all(member["rebalances"] > 0 for member in state["consumers"])


def test_a_postgres_that_is_away_is_told_and_the_feed_comes_back(stack, postgres):
    producer = stack.started_producer()
    stack.started_consumer()

    with EventStream(producer.port) as events:
        post_all(producer, [REVIEW])
        events.wait_for_reviews(1)
        postgres.stop()
        try:
            events.wait_for_pipeline(lambda state: state["database"] == "unreachable", 20, "database unreachable")
            post_all(producer, [{**REVIEW, "author": "Eve"}])
        finally:
            postgres.start()
        events.wait_for_pipeline(lambda state: state["database"] == "reachable", 30, "database reachable")
        stack.wait_until_caught_up()
        post_all(producer, [{**REVIEW, "author": "Zoe"}])
        wait_until(lambda: events.reviews()[-1].data["review"]["author"] == "Zoe", 20, "reviews again")


def test_a_kafka_that_is_away_is_told(stack, kafka):
    producer = stack.started_producer()
    stack.started_consumer()

    with EventStream(producer.port) as events:
        events.wait_for_pipeline(lambda state: state["kafka"] == "reachable", 20, "kafka reachable")
        kafka.stop()
        try:
            events.wait_for_pipeline(lambda state: state["kafka"] == "unreachable", 30, "kafka unreachable")
        finally:
            kafka.start()
        events.wait_for_pipeline(lambda state: state["kafka"] == "reachable", 60, "kafka reachable again")


def test_a_listener_too_many_is_turned_away_and_a_drain_ends_all(stack):
    producer = stack.started_producer(REVIEWS_FEED_LISTENERS_MAX="2")

    with EventStream(producer.port) as one, EventStream(producer.port) as two, producer.client() as client:
        turned_away = client.get("/v1/events")
        assert turned_away.status == 503 and turned_away.headers["retry-after"] == "1"
        assert json.loads(turned_away.body)["type"] == "/problems/overloaded"
        assert client.request("HEAD", "/v1/events").status == 200
        assert client.request("GET", "/v1/events", headers={"accept": "text/html"}).status == 406
        wait_until(lambda: producer.metric("reviews_feed_listeners") == 2, 10, "two listeners shown")

        assert producer.stop() == 0
        wait_until(lambda: one.is_over and two.is_over, 10, "streams ended")


def test_a_listener_that_reads_nothing_holds_no_drain(stack):
    producer = stack.started_producer(REVIEWS_HTTP_BODY_TIMEOUT="1h")
    stack.started_consumer()

    with socket.socket() as deaf, EventStream(producer.port) as events:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", producer.port))
        deaf.sendall(b"GET /v1/events HTTP/1.1\r\nhost: t\r\n\r\n")
        wait_until(lambda: producer.metric("reviews_feed_listeners") == 2, 10, "both listen")
        stop = threading.Event()
        posting = threading.Thread(target=post_until, args=(producer, stop))
        posting.start()
        try:
            # Far more than lies in the kernel for somebody who does not read.
            events.wait_for_reviews(250, 60)
        finally:
            stop.set()
            posting.join()
        began = time.monotonic()

        assert producer.stop(30) == 0, producer.log_tail()
        assert time.monotonic() - began < 10
        wait_until(lambda: events.is_over, 10, "the other stream ended")


def post_until(producer, stop):
    with producer.client() as client:
        while not stop.is_set():
            client.post({**REVIEW, "text": "x" * 4000})
