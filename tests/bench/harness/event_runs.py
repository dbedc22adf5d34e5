"""What listeners to events cost the producer, idle and under a load."""

import resource
import selectors
import socket
import threading
import time

from support.waiting import wait_until

from .usage import cpu_seconds

TOPIC = "bench.events"
DATABASE = "bench_events"
CASE = "listeners to events"
RATE = 1000
MANY = 1000
_MIB = 2**20
_REQUEST = b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"


class EventRuns:
    def __init__(self, stage, results, seconds, say):
        self._stage = stage
        self._results = results
        self._seconds = seconds
        self._say = say
        stage.create_topic(TOPIC)
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def measure(self, repetitions):
        with self._stage.database(DATABASE, TOPIC) as database:
            producer = self._stage.producer(
                TOPIC, REVIEWS_DATABASE_URL=database.url, REVIEWS_KAFKA_GROUP_ID=DATABASE
            )
            consumer = self._stage.consumer(TOPIC, DATABASE, DATABASE)
            consumer.wait_for(consumer.is_ready, 60, "ready")
            for _ in range(repetitions):
                for rate in (0, RATE):
                    with self._stage.trickle(producer, rate):
                        for listeners in (0, 1, MANY):
                            self._measure(producer, rate, listeners)
                        if rate:
                            self._measure(producer, rate, 1, deaf=MANY)
            consumer.stop()
            producer.stop()

    def _measure(self, producer, rate, listeners, deaf=0):
        subject = f"{listeners} listening{f', {deaf} that do not read' if deaf else ''}, {rate} posts/s"
        self._say(f"{CASE}: {subject}")
        ears = _Listeners(producer.port, listeners, deaf)
        try:
            count = listeners + deaf
            wait_until(lambda: producer.metric("reviews_feed_listeners") == count, 20, f"{count} listeners")
            if rate and listeners:
                events = producer.metric("reviews_feed_events_total")
                wait_until(lambda: producer.metric("reviews_feed_events_total") > events + rate / 20, 30, "events")
            self._results.add(CASE, subject, self._measure_steady(producer, ears))
        finally:
            ears.close()
        wait_until(lambda: producer.metric("reviews_feed_listeners") == 0, 60, "no listener")

    def _measure_steady(self, producer, ears):
        events, memory = producer.metric("reviews_feed_events_total"), []
        cpu, heard, began = cpu_seconds(producer.pid), ears.bytes, time.monotonic()
        while time.monotonic() - began < self._seconds:
            memory.append(producer.resident_bytes())
            time.sleep(0.2)
        took = time.monotonic() - began
        return {
            "cpu_seconds_per_second": (cpu_seconds(producer.pid) - cpu) / took,
            "events_per_second": (producer.metric("reviews_feed_events_total") - events) / took,
            "mib_per_second": (ears.bytes - heard) / took / _MIB,
            "rss_mib": memory[-1] / _MIB,
            "peak_rss_mib": max(memory) / _MIB,
        }


class _Listeners:
    """Connections whose streams are read by a thread; `deaf` ones have a small buffer and are never read."""

    def __init__(self, port, count, deaf):
        self._sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(count + deaf)]
        self._selector = selectors.DefaultSelector()
        self.bytes = 0
        self._is_over = threading.Event()
        for index, each in enumerate(self._sockets):
            if index >= count:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            each.sendall(_REQUEST)
            if index < count:
                self._selector.register(each, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        while not self._is_over.is_set():
            if not self._selector.get_map():
                self._is_over.wait()
            for key, _ in self._selector.select(0.1):
                received = key.fileobj.recv(262144)
                self.bytes += len(received)
                if not received:
                    self._selector.unregister(key.fileobj)

    def close(self):
        self._is_over.set()
        self._thread.join()
        for each in self._sockets:
            each.close()
