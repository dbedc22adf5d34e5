"""One review, the whole way."""

import datetime
import json
import uuid

from support.waiting import wait_until


def test_a_posted_review_is_acknowledged_logged_and_stored(stack):
    producer = stack.started_producer()
    stack.started_consumer()
    before = datetime.datetime.now(datetime.timezone.utc)

    with producer.client() as client:
        answer = client.post(
            {"vendor_id": "cafe-uno", "author": "Ada", "rating": 5, "title": "Très bon", "text": "great ☕"},
            headers={
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "tracestate": "congo=t61rcWkgMzE",
            },
        )

    assert answer.status == 202
    receipt = answer.json()
    assert set(receipt) == {"review_id", "vendor_id", "status", "partition", "offset", "created_at"}
    assert (receipt["vendor_id"], receipt["status"]) == ("cafe-uno", "accepted")
    assert uuid.UUID(receipt["review_id"]).version == 7
    assert answer.headers["location"] == f"/v1/reviews/{receipt['review_id']}"
    assert answer.headers["x-request-id"]

    (record,) = stack.topic.read()
    assert (record.partition, record.offset) == (receipt["partition"], receipt["offset"])
    assert record.key == b"cafe-uno"
    assert json.loads(record.value, object_pairs_hook=list) == [
        ("review_id", receipt["review_id"]),
        ("vendor_id", "cafe-uno"),
        ("author", "Ada"),
        ("rating", 5),
        ("title", "Très bon"),
        ("text", "great ☕"),
        ("created_at", receipt["created_at"]),
    ]
    assert sorted(record.headers) == [
        ("content-type", b"application/json"),
        ("schema", b"review/1"),
        ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("tracestate", b"congo=t61rcWkgMzE"),
    ]

    row = wait_until(lambda: stack.database.review(receipt["review_id"]), 5, "the row")
    created_at = datetime.datetime.fromisoformat(receipt["created_at"].replace("Z", "+00:00"))
    assert before <= created_at <= row["stored_at"]
    assert row["created_at"] == created_at
    assert (row["vendor_id"], row["author"], row["rating"]) == ("cafe-uno", "Ada", 5)
    assert (row["title"], row["text"]) == ("Très bon", "great ☕")
    assert (row["topic_partition"], row["topic_offset"]) == (record.partition, record.offset)
    assert dict(stack.database.rating("cafe-uno")) == {
        "vendor_id": "cafe-uno", "rating_count": 1, "rating_sum": 5,
        "count_1": 0, "count_2": 0, "count_3": 0, "count_4": 0, "count_5": 1,
    }  # fmt: skip


def test_a_row_is_there_within_a_second_of_its_acknowledgement(stack):
    producer = stack.started_producer()
    stack.started_consumer()

    with producer.client() as client:
        for _ in range(20):
            receipt = client.post({"vendor_id": "v", "author": "a", "rating": 3}).json()
            wait_until(lambda: stack.database.review(receipt["review_id"]), 1, "the row")


def test_absent_members_stay_absent(stack):
    producer = stack.started_producer()
    stack.started_consumer()

    with producer.client() as client:
        receipt = client.post({"vendor_id": "v", "author": "a", "rating": 1}).json()

    row = wait_until(lambda: stack.database.review(receipt["review_id"]), 5, "the row")
    assert (row["title"], row["text"]) == (None, None)
    (record,) = stack.topic.read()
    assert list(json.loads(record.value)) == ["review_id", "vendor_id", "author", "rating", "created_at"]


def test_every_partition_is_found_as_the_java_client_finds_it(stack):
    """murmur2, known answers of org.apache.kafka.common.utils.Utils over 6 partitions."""
    producer = stack.started_producer()

    with producer.client() as client:
        posted = {
            vendor: client.post({"vendor_id": vendor, "author": "a", "rating": 1}).json()["partition"]
            for vendor in ("21", "foobar", "a-little-bit-long-string", "abc")
        }

    hashes = {"21": -973932308, "foobar": -790332482, "a-little-bit-long-string": -985981536, "abc": 479470107}
    assert posted == {vendor: (number & 0x7FFFFFFF) % 6 for vendor, number in hashes.items()}
