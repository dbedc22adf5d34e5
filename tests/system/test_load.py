"""Many reviews at once: all found exactly once, ratings right, order kept."""

from support.samples import by_vendor, dealt_by_vendor, make_reviews

CONNECTIONS = 64


def assert_all_stored(stack, sent, receipts):
    """`sent`: reviews by connection; `receipts`: their receipts in the same order."""
    expected = {}
    for hand, hand_receipts in zip(sent, receipts):
        assert len(hand) == len(hand_receipts)
        for review, receipt in zip(hand, hand_receipts):
            assert receipt["vendor_id"] == review["vendor_id"]
            expected[receipt["review_id"]] = (review, receipt["partition"], receipt["offset"])
    assert len(expected) == sum(map(len, sent)), "review_ids: expected all different"

    rows = stack.database.query(
        "select review_id::text, vendor_id, author, rating, title, text, topic_partition, topic_offset from reviews"
    )
    found = {row["review_id"]: row for row in rows}
    assert found.keys() == expected.keys()
    for review_id, (review, partition, offset) in expected.items():
        row = found[review_id]
        assert (row["topic_partition"], row["topic_offset"]) == (partition, offset)
        for member in ("vendor_id", "author", "rating", "title", "text"):
            assert row[member] == review.get(member), (review_id, member)


def assert_ratings(stack, reviews):
    for vendor, own in by_vendor(reviews).items():
        ratings = [review["rating"] for review in own]
        row = stack.database.rating(vendor)
        assert (row["rating_count"], row["rating_sum"]) == (len(ratings), sum(ratings))
        for rating in range(1, 6):
            assert row[f"count_{rating}"] == ratings.count(rating), (vendor, rating)


def assert_order_per_vendor(stack, reviews):
    for vendor, own in by_vendor(reviews).items():
        stored = [row["title"] for row in stack.database.reviews_of(vendor)]
        assert stored == [review["title"] for review in own], vendor


def test_single_posts_over_64_connections(stack):
    reviews = make_reviews(5000, vendors=200)
    hands = dealt_by_vendor(reviews, CONNECTIONS)
    producer = stack.started_producer()
    stack.started_consumer()

    receipts = producer.post_all(hands)

    assert len(hands) == CONNECTIONS
    stack.wait_until_caught_up()
    assert_all_stored(stack, hands, receipts)
    assert_ratings(stack, reviews)
    assert_order_per_vendor(stack, reviews)


def test_batches_over_64_connections(stack):
    reviews = make_reviews(20000, vendors=200, seed=2)
    hands = dealt_by_vendor(reviews, CONNECTIONS)
    producer = stack.started_producer()
    stack.started_consumer()

    receipts = producer.post_all_in_batches(hands, lines_max=100)

    stack.wait_until_caught_up()
    assert_all_stored(stack, hands, receipts)
    assert_ratings(stack, reviews)
    assert_order_per_vendor(stack, reviews)


def test_two_producers_and_two_consumers(stack):
    reviews = make_reviews(6000, vendors=300, seed=3)
    hands = dealt_by_vendor(reviews, CONNECTIONS)
    producers = [stack.started_producer(), stack.started_producer()]
    consumers = [stack.started_consumer("one"), stack.started_consumer("two")]

    receipts = producers[0].post_all(hands[::2]) + producers[1].post_all(hands[1::2])

    stack.wait_until_caught_up()
    assert_all_stored(stack, hands[::2] + hands[1::2], receipts)
    assert_ratings(stack, reviews)
    assert_order_per_vendor(stack, reviews)
    assert sum(consumer.metric("reviews_stored_total") for consumer in consumers) == len(reviews)


def test_a_batch_may_hold_good_and_bad_lines(stack):
    producer = stack.started_producer()
    stack.started_consumer()

    with producer.client() as client:
        answer = client.post_batch(
            [
                {"vendor_id": "v", "author": "a", "rating": 1},
                {"vendor_id": "v", "author": "a", "rating": 9},
                {"vendor_id": "v", "author": "a", "rating": 3},
            ]
        )

    assert answer.status == 207
    report = answer.json()
    assert (report["accepted"], report["rejected"]) == (2, 1)
    assert report["results"][0]["status"] == report["results"][2]["status"] == "accepted"
    assert report["results"][1]["status"] == 422
    assert report["results"][1]["errors"][0]["pointer"] == "/rating"
    stack.wait_until_caught_up()
    assert [row["rating"] for row in stack.database.reviews_of("v")] == [1, 3]
