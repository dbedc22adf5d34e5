"""A retry stores once, and the first one wins."""

import uuid

from support.http_client import in_parallel

NAMESPACE = uuid.UUID("b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42")


def review(rating, **members):
    return {"vendor_id": "v", "author": "a", "rating": rating, **members}


def assert_only_row(stack, review_id, rating):
    stack.wait_until_caught_up()
    (row,) = stack.database.reviews_of("v")
    assert (str(row["review_id"]), row["rating"]) == (review_id, rating)
    stored = stack.database.rating("v")
    assert (stored["rating_count"], stored["rating_sum"]) == (1, rating)


def test_the_same_idempotency_key_stores_once(stack):
    producer = stack.started_producer()
    stack.started_consumer()

    with producer.client() as client:
        quoted = client.post(review(4), headers={"idempotency-key": '"order-17"'})
        bare = client.post(review(1), headers={"idempotency-key": "order-17"})

    expected = str(uuid.uuid5(NAMESPACE, "v\x1forder-17"))
    assert quoted.status == bare.status == 202
    assert quoted.json()["review_id"] == bare.json()["review_id"] == expected
    assert_only_row(stack, expected, rating=4)


def test_the_same_key_at_two_producers_yields_the_same_review(stack):
    producers = [stack.started_producer(), stack.started_producer()]
    stack.started_consumer()

    receipts = []
    for producer in producers:
        with producer.client() as client:
            receipts.append(client.post(review(2), headers={"idempotency-key": "k"}).json())

    assert receipts[0]["review_id"] == receipts[1]["review_id"]
    assert_only_row(stack, receipts[0]["review_id"], rating=2)


def test_the_same_key_for_another_vendor_is_another_review(stack):
    producer = stack.started_producer()

    with producer.client() as client:
        ids = {
            client.post({"vendor_id": vendor, "author": "a", "rating": 1}, headers={"idempotency-key": "k"}).json()[
                "review_id"
            ]
            for vendor in ("v", "w")
        }

    assert len(ids) == 2


def test_the_same_review_id_stores_once(stack):
    producer = stack.started_producer()
    stack.started_consumer()
    chosen = str(uuid.UUID(int=0x018F6F1E4B7A70008000000000000001))

    with producer.client() as client:
        ids = [client.post(review(rating, review_id=chosen)).json()["review_id"] for rating in (5, 1, 1)]

    assert ids == [chosen] * 3
    assert_only_row(stack, chosen, rating=5)


def test_a_batch_sent_twice_stores_once(stack):
    producer = stack.started_producer()
    stack.started_consumer()
    lines = [review(rating) for rating in (1, 2, 3)]

    with producer.client() as client:
        answers = [client.post_batch(lines, {"idempotency-key": "batch"}) for _ in range(2)]

    ids = [[result["review_id"] for result in answer.json()["results"]] for answer in answers]
    assert ids[0] == ids[1] == [str(uuid.uuid5(NAMESPACE, f"v\x1fbatch:{line}")) for line in range(3)]
    stack.wait_until_caught_up()
    assert [row["rating"] for row in stack.database.reviews_of("v")] == [1, 2, 3]


def test_many_retries_at_once_store_once(stack):
    producer = stack.started_producer()
    consumer = stack.started_consumer()

    def post(_):
        with producer.client() as client:
            return client.post(review(3), headers={"idempotency-key": "busy"}).status

    assert in_parallel(post, range(32)) == [202] * 32
    assert_only_row(stack, str(uuid.uuid5(NAMESPACE, "v\x1fbusy")), rating=3)
    assert consumer.metric("reviews_stored_total") == 1
    assert consumer.metric("reviews_duplicates_total") == 31
