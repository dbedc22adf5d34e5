"""A consumer killed while reviews come in: how long until new ones are stored again."""

import time

from support.waiting import wait_until

from .stage import PARTITIONS

TOPIC = "bench.restart"
CASE = "kill -9 of the consumer, 600 reviews a second coming in"
SAME = "the same replica started again at once"
ANOTHER = "it never comes back, another takes over"
RATE = 600


class RestartRuns:
    """Counted are rows of reviews that were taken in after the kill: nobody but the survivor can have stored them."""

    def __init__(self, stage, results, say):
        self._stage = stage
        self._results = results
        self._say = say
        stage.create_topic(TOPIC)
        self._producer = stage.producer(TOPIC)

    def measure(self, repetitions):
        with self._stage.trickle(self._producer, RATE):
            self._measure_same(repetitions)
            self._measure_another(repetitions)

    def _measure_same(self, repetitions):
        with self._stage.database("bench_same", TOPIC) as database:
            consumer = self._consumer("bench_same", "a")
            for _ in range(repetitions):
                _wait_for_rows(database, time.time(), PARTITIONS, 60)
                self._say(f"{CASE}: {SAME}")
                killed_at = time.time()
                consumer.kill()
                consumer.launch()
                first = _wait_for_rows(database, killed_at, 1, 60)
                self._results.add(
                    CASE,
                    SAME,
                    {
                        "first_row_seconds": first,
                        "all_partitions_seconds": _wait_for_rows(database, killed_at, PARTITIONS, 60),
                    },
                )
            consumer.stop()

    def _measure_another(self, repetitions):
        with self._stage.database("bench_another", TOPIC) as database:
            dying = self._consumer("bench_another", "a")
            survivor = self._consumer("bench_another", "b")
            for _ in range(repetitions):
                for each in (dying, survivor):
                    wait_until(lambda each=each: _takes(each), 90, f"{each.name}: partitions of its own")
                _wait_for_rows(database, time.time(), PARTITIONS, 60)
                self._say(f"{CASE}: {ANOTHER}")
                killed_at = time.time()
                dying.kill()
                seconds = _wait_for_rows(database, killed_at, PARTITIONS, 90)
                self._results.add(CASE, ANOTHER, {"all_partitions_seconds": seconds})
                dying.launch()
            dying.stop()
            survivor.stop()

    def _consumer(self, name, instance):
        """A static member of the group `name`, with the database of that name."""
        return self._stage.consumer(TOPIC, name, name, REVIEWS_KAFKA_GROUP_INSTANCE_ID=f"{name}-{instance}")


def _takes(consumer):
    """Whether it is ready and consumes, and not only from before a hand-over."""
    if not consumer.is_ready():
        return False
    before = consumer.metric("reviews_consumed_total")
    time.sleep(0.5)
    return consumer.metric("reviews_consumed_total") > before


def _wait_for_rows(database, since, partitions, at_most):
    """Seconds from `since` until so many partitions have rows of reviews that were taken in later."""
    wait_until(
        lambda: database.query(
            "select count(distinct topic_partition) as n from reviews where created_at > to_timestamp(%s)", since
        )[0]["n"]
        >= partitions,
        at_most,
        f"new rows of {partitions} partitions",
    )
    return time.time() - since
