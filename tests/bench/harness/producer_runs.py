"""HTTP to Kafka: the producer beside its floors and peers."""

import contextlib
import signal
import threading

from .results import check_all_accepted, rotated

TOPIC = "bench.http"
CASE_64 = "64 connections"
CASE_256 = "256 connections"
CASE_1 = "1 connection"
CASE_BATCH = "100 a request, 64 connections"
CASE_OPEN = "open loop at half the peak, 64 connections"
CASE_OPEN_DIRECT = "open loop at half of direct's peak, 64 connections"
CASE_STALL = "the load itself: a server that stands still for a second of {}"
OURS = "reviews-producer"
OURS_TWO_THREADS = "reviews-producer, 2 threads"
DIRECT = "direct, linger 2"
DIRECT_AT_ONCE = "direct, linger 0"
BARE_HTTP = "bare Beast, no Kafka"
BARE_KAFKA = "bare librdkafka"
CLOSED_LOOP = "closed loop"
OPEN_LOOP = "open loop, 2000 a second"


class ProducerRuns:
    """All servers stay up and idle while another one is loaded."""

    def __init__(self, stage, results, seconds, say):
        self._stage = stage
        self._results = results
        self._seconds = seconds
        self._say = say
        stage.create_topic(TOPIC)
        for case in (CASE_64, CASE_256, CASE_1, CASE_BATCH, CASE_OPEN, CASE_OPEN_DIRECT):
            for subject in (OURS, OURS_TWO_THREADS):
                for reference in (BARE_HTTP, BARE_KAFKA, DIRECT, DIRECT_AT_ONCE):
                    results.compare(case, subject, reference)
        kafka = ("--bootstrap", stage.kafka.bootstrap_servers, "--topic", TOPIC)
        self._servers = {
            BARE_HTTP: stage.server("floor_http", "floor_http"),
            DIRECT: stage.server("direct_linger_2", "direct_producer", *kafka, "--linger", 2),
            DIRECT_AT_ONCE: stage.server("direct_linger_0", "direct_producer", *kafka, "--linger", 0),
            OURS: stage.producer(TOPIC),
            OURS_TWO_THREADS: stage.producer(TOPIC, REVIEWS_SCHEDULER_THREADS="2"),
        }

    def warm_up(self):
        """The broker compiles its hot path meanwhile."""
        for server in self._servers.values():
            self._load(server, connections=64, seconds=2)

    def repeat(self, number):
        peers = [BARE_HTTP, BARE_KAFKA, DIRECT, OURS, OURS_TWO_THREADS]
        self._measure(number, CASE_64, peers, 64)
        self._measure(number, CASE_256, peers, 256)
        self._measure(number, CASE_1, [DIRECT_AT_ONCE if each == DIRECT else each for each in peers], 1)
        self._measure(number, CASE_BATCH, [DIRECT, OURS], 64, batch=100)
        self._measure(number, CASE_OPEN, [BARE_HTTP, DIRECT_AT_ONCE, OURS], 64, rate=self._half_the_peak_of(OURS))
        self._measure(number, CASE_OPEN_DIRECT, [DIRECT, OURS], 64, rate=self._half_the_peak_of(DIRECT))
        self._measure_stall()

    def _half_the_peak_of(self, subject):
        """As this repetition's closed loop reached it."""
        return int(self._results.values(CASE_64, subject, "reviews_per_second")[-1] / 2)

    def _measure_stall(self):
        """What each loop makes of the same second: whether latencies are left out."""
        server = self._servers[BARE_HTTP]
        case = CASE_STALL.format(self._seconds)
        for subject, rate in ((CLOSED_LOOP, 0), (OPEN_LOOP, 2000)):
            self._say(f"{case}: {subject}")
            with _stopped_for_a_second(server, after=1.5):
                self._results.add(case, subject, self._load(server, connections=64, rate=rate))

    def _measure(self, number, case, subjects, connections, **options):
        for subject in rotated(subjects, number):
            self._say(f"{case}: {subject}")
            if subject == BARE_KAFKA:
                measures = self._produce(connections)
            else:
                measures = self._load(self._servers[subject], connections=connections, **options)
            self._results.add(case, subject, measures)

    def _produce(self, window):
        run = self._stage.floor(
            "floor_produce",
            bootstrap=self._stage.kafka.bootstrap_servers,
            topic=TOPIC,
            window=window,
            linger=0 if window == 1 else 2,
            seconds=self._seconds,
        )
        return _measures(run, run["cpu_seconds"])

    def _load(self, server, seconds=None, **options):
        run = self._stage.floor(
            "bench_load", port=server.port, pid=server.pid, seconds=seconds or self._seconds, **options
        )
        check_all_accepted(server.name, run)
        return {
            **_measures(run, run["server_cpu_seconds"]),
            "rss_mib": run["server_rss_bytes"] / 2**20,
            "load_cpu_seconds": run["cpu_seconds"],
        }


@contextlib.contextmanager
def _stopped_for_a_second(server, after):
    timers = [
        threading.Timer(delay, server.send, (number,))
        for delay, number in ((after, signal.SIGSTOP), (after + 1, signal.SIGCONT))
    ]
    for timer in timers:
        timer.start()
    yield
    for timer in timers:
        timer.join()


def _measures(run, cpu_seconds):
    return {
        "cpu_seconds_per_million": cpu_seconds / run["count"] * 1e6,
        "reviews_per_second": run["count"] / run["seconds"],
        "p50_ms": run["p50_ms"],
        "p99_ms": run["p99_ms"],
        "max_ms": run["max_ms"],
        "reviews": run["count"],
    }
