"""One run of the consumer from an empty group to the end of a backlog."""

import time
from dataclasses import dataclass

from support.waiting import wait_until

from .usage import cpu_seconds, family_cpu_seconds, peak_rss_bytes


@dataclass
class Drain:
    seconds: float  # from the start of the process
    cpu_seconds: float  # of the whole process
    steady_cpu_seconds_per_record: float  # from the first stored batch that was seen, without the start
    postgres_cpu_seconds: float
    peak_rss_bytes: int


def drain(stage, topic, database, records, **environment):
    """Into `database`, whose name the group takes; ends when the offsets stand behind `records` records."""
    name = database.url.rsplit("/", 1)[1]
    postgres_before, began = family_cpu_seconds(stage.postgres.pid), time.monotonic()
    consumer = stage.consumer(topic, name, name, **environment)

    def stored():
        assert consumer.is_running(), f"reviews-consumer: ended early\n{consumer.log_tail()}"
        time.sleep(0.05)  # with the poll's own pause: 14 small queries a second
        return database.query("select coalesce(sum(next_offset), 0)::bigint as n from consumer_offsets")[0]["n"]

    first = wait_until(stored, 120, "the consumer: a first batch stored")
    cpu_at_first = cpu_seconds(consumer.pid)
    wait_until(lambda: stored() >= records, 900, "the consumer: the backlog stored")
    seconds, cpu_at_end = time.monotonic() - began, cpu_seconds(consumer.pid)
    postgres = family_cpu_seconds(stage.postgres.pid) - postgres_before
    peak = peak_rss_bytes(consumer.pid)
    consumer.stop()
    return Drain(seconds, cpu_at_end, (cpu_at_end - cpu_at_first) / max(records - first, 1), postgres, peak)
