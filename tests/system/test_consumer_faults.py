"""What the consumer owes when it is away, killed or joined."""

import threading
from concurrent.futures import ThreadPoolExecutor

from support.samples import dealt_by_vendor, make_reviews
from support.waiting import wait_until

from test_load import assert_all_stored, assert_order_per_vendor, assert_ratings


def test_a_consumer_that_was_away_for_the_load_catches_up(stack):
    reviews = make_reviews(5000, vendors=100, seed=4)
    hands = dealt_by_vendor(reviews, 64)
    producer = stack.started_producer()
    receipts = producer.post_all_in_batches(hands, lines_max=50)

    stack.started_consumer()

    stack.wait_until_caught_up()
    assert_all_stored(stack, hands, receipts)
    assert_ratings(stack, reviews)
    assert_order_per_vendor(stack, reviews)


class PostingInBackground:
    """Posts batches over some connections until `finish`, which returns (hands, receipts by hand)."""

    CONNECTIONS = 8
    LINES = 20
    REVIEWS_MAX = 400_000

    def __init__(self, producer):
        self._producer = producer
        self._is_over = threading.Event()
        self._threads = ThreadPoolExecutor(self.CONNECTIONS)
        self._posted = [self._threads.submit(self._post, hand) for hand in range(self.CONNECTIONS)]

    def _post(self, hand):
        reviews, receipts = [], []
        with self._producer.client() as client:
            while not self._is_over.is_set() and len(reviews) < self.REVIEWS_MAX / self.CONNECTIONS:
                lines = [
                    {
                        "vendor_id": f"v{hand}-{number % 11}",
                        "author": "a",
                        "rating": number % 5 + 1,
                        "title": f"#{number}",
                    }
                    for number in range(len(reviews), len(reviews) + self.LINES)
                ]
                answer = client.post_batch(lines)
                assert answer.status == 202, answer
                reviews += lines
                receipts += answer.json()["results"]
        return reviews, receipts

    def finish(self):
        self._is_over.set()
        posted = [hand.result() for hand in self._posted]
        return [reviews for reviews, _ in posted], [receipts for _, receipts in posted]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._threads.shutdown()


def assert_nothing_lost_or_doubled(stack, posting):
    hands, receipts = posting.finish()
    reviews = [review for hand in hands for review in hand]
    stack.wait_until_caught_up(120)
    assert_all_stored(stack, hands, receipts)
    assert_ratings(stack, reviews)
    assert_order_per_vendor(stack, reviews)


def test_a_consumer_killed_in_the_middle_loses_and_doubles_nothing(stack):
    producer = stack.started_producer()
    consumer = stack.started_consumer()

    with PostingInBackground(producer) as posting:
        for _ in range(3):
            stored = stack.database.review_count()
            wait_until(lambda: stack.database.review_count() > stored + 1000, 60, "more rows")
            consumer.kill()
            consumer.start()

        assert_nothing_lost_or_doubled(stack, posting)


def test_partitions_move_to_a_second_consumer_and_back(stack):
    producer = stack.started_producer()
    stack.started_consumer("one")

    with PostingInBackground(producer) as posting:
        second = stack.started_consumer("two")
        wait_until(lambda: second.metric("reviews_stored_total") > 0, 60, "work for the second consumer")
        assert second.stop() == 0

        assert_nothing_lost_or_doubled(stack, posting)
