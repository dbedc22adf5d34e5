"""SIGHUP: what is marked [hot] changes while the program runs and works."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from test_consumer_faults import PostingInBackground, assert_nothing_lost_or_doubled


@pytest.fixture
def producer(stack):
    return stack.started_producer()


@pytest.fixture
def consumer(stack):
    return stack.started_consumer()


def wait_for_more(program, metric, count=1000):
    """Until the program has done some work after what just happened to it."""
    before = program.metric(metric)
    program.wait_for(lambda: program.metric(metric) >= before + count, 60, f"{count} more {metric}")


def effective(program, key):
    """The value of a key on /config, as TOML has it."""
    table, name = key.rsplit(".", 1)
    text = program.manage("/config").body.decode()
    lines = text[text.index(f"[{table}]\n") :].splitlines()
    return next(line for line in lines if line.startswith(f"{name} = ")).split(" = ")[1].split(" #")[0]


def test_consumers_and_writers_change_under_load(stack, producer, consumer):
    with PostingInBackground(producer) as posting:
        wait_for_more(consumer, "reviews_stored_total")
        rebalances = consumer.metric("reviews_rebalances_total")

        for consumers, writers in [(4, 3), (1, 1), (3, 2)]:
            event = consumer.reload({"pool.consumers": consumers, "pool.writers": writers})
            assert event["changed"] == "[pool.consumers pool.writers]"
            pools = consumer.pools()
            assert (pools["consumers"], pools["writers"]) == (consumers, writers)
            assert consumer.metric("reviews_pool_size", pool="consumers") == consumers
            wait_for_more(consumer, "reviews_stored_total")

        assert_nothing_lost_or_doubled(stack, posting)
    assert consumer.metric("reviews_rebalances_total") == rebalances
    assert consumer.metric("reviews_supervisor_restarts_total") == 0
    assert consumer.metric("reviews_stored_total") == stack.database.review_count()
    assert consumer.metric("reviews_duplicates_total") == 0
    assert not consumer.events("partition_restarting")


def test_publishers_change_under_load(stack, producer, consumer):
    with PostingInBackground(producer) as posting:
        wait_for_more(producer, "reviews_published_total")

        for publishers in [3, 1, 2]:
            producer.reload({"pool.publishers": publishers})
            assert producer.pools()["publishers"] == publishers
            wait_for_more(producer, "reviews_published_total")

        assert_nothing_lost_or_doubled(stack, posting)
    assert producer.metric("reviews_supervisor_restarts_total") == 0


def test_batches_get_another_size(stack, producer, consumer):
    lines = [{"vendor_id": f"v{n}", "author": "a", "rating": 5} for n in range(60)]

    def batches():
        before = consumer.metric("reviews_store_batch_rows_count")
        with producer.client() as client:
            assert client.post_batch(lines).status == 202
        stack.wait_until_caught_up()
        consumer.wait_for(lambda: consumer.metric("reviews_stored_total") % len(lines) == 0, 10, "counted")
        return consumer.metric("reviews_store_batch_rows_count") - before

    assert batches() < len(lines)
    consumer.reload({"batch.records-max": 1, "backpressure.partition-records-max": 10})

    assert batches() == len(lines)
    assert consumer.events("reload_in_part")


def test_the_window_changes(stack, kafka):
    producer = stack.started_producer(REVIEWS_HTTP_BATCH_REVIEWS_MAX="5")
    line = {"vendor_id": "v", "author": "a", "rating": 5}
    producer.reload({"backpressure.in-flight-reviews-max": 5})

    with ThreadPoolExecutor(1) as thread, producer.client() as first, producer.client() as second:
        assert first.post(line).status == 202
        kafka.send(signal.SIGSTOP)
        try:
            held = thread.submit(first.post_batch, [line] * 5)
            producer.wait_for(lambda: producer.metric("reviews_in_flight") == 5, 4, "full")
            assert second.post(line).status == 503
        finally:
            kafka.send(signal.SIGCONT)
        assert held.result().status == 202


def test_the_rate_limit_comes_and_goes(producer):
    def statuses():
        with producer.client() as client:
            return {client.post({"vendor_id": "v", "author": "a", "rating": 1}).status for _ in range(40)}

    assert statuses() == {202}
    producer.reload({"http.rate-limit": "2.0"})
    assert statuses() == {202, 429}
    producer.reload({"http.rate-limit": "0.0"})
    assert statuses() == {202}


def test_the_log_level_changes(stack, consumer):
    def bury():
        stack.topic.write(b"k", b"poison")
        stack.wait_until_caught_up()

    consumer.reload({"log.level": '"error"'})
    bury()
    assert not consumer.events("dead_lettered")

    consumer.reload({"log.level": '"info"'})
    bury()
    assert len(consumer.events("dead_lettered")) == 1


def test_a_key_that_needs_a_restart_is_named_and_stays(producer):
    running = effective(producer, "http.idle-timeout")

    producer.reload({"http.idle-timeout": '"11s"', "http.rate-limit": "500.0"})

    assert [event["key"] for event in producer.events("reload_needs_restart")] == ["http.idle-timeout"]
    assert effective(producer, "http.idle-timeout") == running
    assert effective(producer, "http.rate-limit") == "500.0"


def test_a_bad_file_changes_nothing(consumer):
    config, pools = consumer.manage("/config").body, consumer.pools()
    began = consumer.metric("reviews_config_last_reload_success_timestamp_seconds")

    consumer.config.set({"pool.writers": 0, "batch.linger": '"soon"', "log.level": '"error"'})
    consumer.send(signal.SIGHUP)
    consumer.wait_for(lambda: consumer.metric("reviews_config_last_reload_successful") == 0, 30, "refusing")

    mistakes = [event["mistake"] for event in consumer.events("config_reload_failed")]
    assert len(mistakes) == 2
    for key, mistake in zip(["pool.writers", "batch.linger"], sorted(mistakes, key=lambda text: "pool." not in text)):
        assert mistake.startswith(f"{consumer.config.path}:{consumer.config.line_of(key)}:")
        assert key in mistake
    assert consumer.manage("/config").body == config
    assert consumer.pools() == pools
    assert consumer.metric("reviews_config_last_reload_success_timestamp_seconds") == began

    consumer.reload({"pool.writers": 1, "batch.linger": '"5ms"', "log.level": '"info"'})
    assert consumer.metric("reviews_config_last_reload_successful") == 1
    assert consumer.metric("reviews_config_last_reload_success_timestamp_seconds") > began


def test_of_several_signals_the_last_file_holds(consumer):
    for consumers in [4, 1, 5, 3]:
        consumer.config.set({"pool.consumers": consumers})
        consumer.send(signal.SIGHUP)

    consumer.wait_for(lambda: effective(consumer, "pool.consumers") == "3", 60, "reloaded")
    assert consumer.pools()["consumers"] == 3


def test_a_signal_before_the_start_is_over_is_heard_after_it(stack, postgres):
    consumer = stack.consumer()
    postgres.stop()
    try:
        consumer.launch()
        consumer.wait_for(lambda: consumer.events("listening"), 30, "listening")
        consumer.config.set({"pool.consumers": 4})
        consumer.send(signal.SIGHUP)
    finally:
        postgres.start()

    consumer.wait_for(consumer.is_ready, 60, "ready")
    consumer.wait_for(lambda: effective(consumer, "pool.consumers") == "4", 30, "reloaded")
    assert consumer.pools()["consumers"] == 4


@pytest.mark.parametrize("name", ["producer", "consumer"])
def test_a_signal_during_the_drain_does_no_harm(stack, producer, consumer, name):
    program = {"producer": producer, "consumer": consumer}[name]
    with producer.client() as client:
        assert client.post({"vendor_id": "v", "author": "a", "rating": 5}).status == 202

        program.send(signal.SIGTERM)
        program.send(signal.SIGHUP)

        assert program.wait_for_exit(30) == 0


def test_a_pool_changes_while_the_database_is_away(stack, producer, consumer, postgres):
    with PostingInBackground(producer) as posting:
        wait_for_more(consumer, "reviews_stored_total")

        postgres.stop()
        try:
            consumer.wait_for(lambda: consumer.metric("reviews_partition_paused") > 0, 60, "pausing")
            consumer.reload({"pool.consumers": 4, "pool.writers": 1})
        finally:
            postgres.start()

        assert_nothing_lost_or_doubled(stack, posting)
    pools = consumer.pools()
    assert (pools["consumers"], pools["writers"]) == (4, 1)


def test_reviewctl_asks_for_a_reload(stack, consumer):
    consumer.config.set({"batch.records-max": 17})

    stack.reviewctl_ok("reload", "--pid", consumer.pid)

    consumer.wait_for(lambda: effective(consumer, "batch.records-max") == "17", 20, "reloaded")


def test_reviewctl_signals_nobody_else(stack, kafka):
    done = stack.reviewctl("reload", "--pid", kafka.pid)

    assert done.returncode == 64
    assert "expected reviews-producer or reviews-consumer, got " in done.stderr
    assert kafka.is_running()
