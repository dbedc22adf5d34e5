"""What happens when more comes than can go: each case returns rows of (what, measured, bound or reference)."""

import contextlib
import signal
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from support.waiting import wait_until

from . import memory_bound

MIB = 1024 * 1024
TOPIC = "bench.pressure"


class PressureRuns:
    def __init__(self, stage, seconds, records, say):
        self._stage = stage
        self._seconds = seconds
        self._records = records
        self._say = say
        stage.create_topic(TOPIC)

    def _load(self, producer, **options):
        return self._stage.floor("bench_load", port=producer.port, pid=producer.pid, seconds=self._seconds, **options)

    def overload(self):
        """Twice of what it can do, from a thousand connections, beside its peak."""
        producer = self._stage.producer(TOPIC)
        self._load(producer, connections=64)  # the broker compiles its hot path meanwhile
        peaks = {count: self._load(producer, connections=count) for count in (64, 256, 1000)}
        rates = {count: run["count"] / run["seconds"] for count, run in peaks.items()}
        peak_at = max(rates, key=rates.get)
        self._say(f"peak {rates[peak_at]:.0f}/s at {peak_at} connections")
        flood = self._load(producer, connections=1000, rate=int(2 * rates[peak_at]))
        producer.stop()
        goodput = flood["count"] / flood["seconds"]
        return [
            (f"accepted a second, closed loop, best of {tuple(rates)} connections", f"{rates[peak_at]:.0f}", ""),
            (
                "accepted a second at twice that, open loop, 1000 connections",
                f"{goodput:.0f}",
                f"{goodput / rates[peak_at]:.2f} of the peak",
            ),
            *_answers(flood),
        ]

    def slow_broker(self):
        """The broker runs a tenth of the time, 256 connections post batches of 100."""
        producer = self._stage.producer(TOPIC)
        settings = memory_bound.settings_of(producer)
        free = self._load(producer, connections=256, batch=100)
        with _slowed(self._stage.kafka), _retry_afters(producer) as pauses, _peak_memory(producer) as memory:
            slow = self._load(producer, connections=256, batch=100)
        producer.stop()
        bound = memory_bound.of_producer(settings, 256)
        return [
            ("accepted a second, broker free", f"{free['count'] / free['seconds']:.0f}", ""),
            ("accepted a second, broker at a tenth", f"{slow['count'] / slow['seconds']:.0f}", ""),
            *_answers(slow),
            (
                f"Retry-After of {len(pauses)} refusals, s",
                f"{min(pauses)} / {statistics.median(pauses):.0f} / {max(pauses)}" if pauses else "none",
                "1..60",
            ),
            *_memory("reviews-producer", memory, bound),
        ]

    def slow_database(self):
        """A backlog, Postgres at a hundredth of its pace, and full load on HTTP."""
        self._stage.write_backlog(TOPIC, self._records)
        patient = {"REVIEWS_DATABASE_STATEMENT_TIMEOUT": "60s", "REVIEWS_SHUTDOWN_DRAIN_TIMEOUT": "60s"}
        with self._stage.database("bench_pressure", TOPIC) as database:
            _prepare_slowness(database)
            consumer = self._stage.consumer(TOPIC, "bench_pressure", "bench_pressure", **patient)
            wait_until(lambda: database.review_count() > 0, 60, "the first rows")
            pace = _rows_per_second(database, 2)
            batch_rows = consumer.metric("reviews_store_batch_rows_sum") / consumer.metric(
                "reviews_store_batch_rows_count"
            )
            writers = consumer.metric("reviews_pool_size", pool="writers")
            _slow_down(database, min(99 * writers * batch_rows / pace, 30))
            producer = self._stage.producer(TOPIC)
            with _peak_memory(producer) as producers_memory, _peak_memory(consumer) as consumers_memory:
                posted = self._load(producer, connections=256)
                slow_pace = _rows_per_second(database, max(self._seconds, 10))
            bounds = (
                memory_bound.of_producer(memory_bound.settings_of(producer), 256),
                memory_bound.of_consumer(memory_bound.settings_of(consumer), 6),
            )
            lag = consumer.metric("reviews_consumer_lag_records")
            producer.stop()
            consumer.kill()  # a drain would wait for a statement that sleeps
        return [
            ("rows a second, Postgres free", f"{pace:.0f}", ""),
            ("rows a second, slowed", f"{slow_pace:.0f}", f"{slow_pace / pace:.3f} of that"),
            ("accepted a second meanwhile, 256 connections", f"{posted['count'] / posted['seconds']:.0f}", ""),
            *_answers(posted),
            ("lag afterwards, records", f"{lag:.0f}", ""),
            *_memory("reviews-producer", producers_memory, bounds[0]),
            *_memory("reviews-consumer", consumers_memory, bounds[1]),
        ]


def _answers(run):
    statuses = {name.removeprefix("status_"): count for name, count in run.items() if name.startswith("status_")}
    shown = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    if run["unanswered"]:
        shown += f", none within 10 s of the end: {run['unanswered']}"
    counted = "accepted, or waiting still" if run["unanswered"] else "accepted"
    return [
        ("answers by status", shown, ""),
        (f"{counted}: p50 / p99 / longest, ms", f"{run['p50_ms']:.1f} / {run['p99_ms']:.1f} / {run['max_ms']:.1f}", ""),
    ]


def _memory(name, samples, bound):
    yield (f"{name}, peak RSS, MiB", f"{max(samples) / MIB:.0f}", f"{sum(bound.values()) / MIB:.0f} at most")
    for part, most in bound.items():
        yield (f"- {part}", "", f"{most / MIB:.0f}")


@contextlib.contextmanager
def _in_background(work):
    """Calls `work` again and again until the block ends; fails when it has failed."""
    over = threading.Event()

    def repeat():
        while not over.is_set():
            work()

    with ThreadPoolExecutor(1) as thread:
        repeated = thread.submit(repeat)
        try:
            yield
        finally:
            over.set()
    repeated.result()


@contextlib.contextmanager
def _peak_memory(program):
    samples = [program.resident_bytes()]

    def sample():
        samples.append(program.resident_bytes())
        time.sleep(0.1)

    with _in_background(sample):
        yield samples


@contextlib.contextmanager
def _slowed(process):
    """Runs a tenth of the time."""

    def pulse():
        process.send(signal.SIGSTOP)
        time.sleep(0.045)
        process.send(signal.SIGCONT)
        time.sleep(0.005)

    try:
        with _in_background(pulse):
            yield
    finally:
        process.send(signal.SIGCONT)


@contextlib.contextmanager
def _retry_afters(producer):
    """Those of the refusals that one more client gets."""
    pauses = []
    client = producer.client()

    def ask():
        answer = client.post({"vendor_id": "v", "author": "a", "rating": 3})
        if answer.status == 503:
            pauses.append(int(answer.headers["retry-after"]))
        time.sleep(0.05)

    with _in_background(ask):
        yield pauses
    client.close()


def _prepare_slowness(database):
    """Every transaction of the store touches the offsets once: there it sleeps."""
    database.execute(
        "create table bench_pause(seconds double precision);"
        "insert into bench_pause values (0);"
        "create function bench_sleep() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(seconds) from bench_pause where seconds > 0; return null; end $$;"
        "create trigger bench_sleep after insert or update on consumer_offsets"
        " for each statement execute function bench_sleep()"
    )


def _slow_down(database, seconds):
    database.execute(f"update bench_pause set seconds = {seconds}")


def _rows_per_second(database, seconds):
    before, began = database.review_count(), time.monotonic()
    time.sleep(seconds)
    return (database.review_count() - before) / (time.monotonic() - began)
