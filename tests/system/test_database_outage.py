"""Postgres goes away and comes back."""

from support.samples import dealt_by_vendor, make_reviews
from support.waiting import wait_until

from test_load import assert_all_stored, assert_order_per_vendor, assert_ratings


def test_reviews_wait_in_kafka_for_postgres(stack, postgres):
    reviews = make_reviews(4000, vendors=100, seed=7)
    hands = dealt_by_vendor(reviews, 32)
    producer = stack.started_producer()
    consumer = stack.started_consumer()
    first = producer.post_all_in_batches([hand[:20] for hand in hands], lines_max=10)
    wait_until(lambda: stack.database.review_count() > 0, 30, "the first rows")

    postgres.stop()
    try:
        rest = producer.post_all_in_batches([hand[20:] for hand in hands], lines_max=20)
        wait_until(lambda: consumer.metric("reviews_consumer_lag_records") > 0, 30, "lag")
        wait_until(lambda: consumer.metric("reviews_partition_paused") > 0, 30, "paused partitions")
        assert consumer.manage("/livez").status == 200
    finally:
        postgres.start()

    stack.wait_until_caught_up()
    wait_until(lambda: consumer.metric("reviews_consumer_lag_records") == 0, 30, "no lag")
    wait_until(lambda: consumer.metric("reviews_partition_paused") == 0, 30, "no paused partition")
    assert consumer.is_running()
    assert_all_stored(stack, hands, [begin + end for begin, end in zip(first, rest)])
    assert_ratings(stack, reviews)
    assert_order_per_vendor(stack, reviews)


def test_a_postgres_crash_under_load_loses_and_doubles_nothing(stack, postgres):
    reviews = make_reviews(10000, vendors=100, seed=8)
    hands = dealt_by_vendor(reviews, 32)
    producer = stack.started_producer()
    receipts = producer.post_all_in_batches(hands, lines_max=50)
    stack.started_consumer()

    wait_until(lambda: stack.database.review_count() > 0, 30, "the first rows")
    postgres.kill()
    postgres.start()

    stack.wait_until_caught_up()
    assert_all_stored(stack, hands, receipts)
    assert_ratings(stack, reviews)


def test_a_consumer_without_postgres_is_alive_but_not_ready(stack, postgres):
    consumer = stack.consumer()

    postgres.stop()
    try:
        consumer.launch()
        consumer.wait_for(lambda: _answers(consumer), 20, "alive")
        assert consumer.manage("/readyz").status == 503
    finally:
        postgres.start()

    wait_until(consumer.is_ready, 30, "ready after the return of Postgres")


def _answers(program):
    try:
        return program.manage("/livez").status == 200
    except OSError:
        return False
