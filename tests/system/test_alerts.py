"""Each alert fires by its fault, in a real Prometheus that scrapes both programs, and clears when the fault is mended.

The rules are the ones that ship, with time running faster: `monitoring.rules.shortened`.
"""

import contextlib
import http.client
import os
import pathlib
import shutil
import signal
import socket
import threading
from dataclasses import dataclass

import pytest

from monitoring import rules
from support.programs import Consumer, Producer
from support.prometheus import Prometheus
from support.stack import Stack
from support.waiting import wait_until

from test_supervision import FailingPorts

CONNECTIONS_MAX = 20
LOST_PARTITION = 0
# Postgres' answer is waited for longer than a partition may be without a sign of life: so it can get stuck.
CONSUMER = {
    "REVIEWS_DATABASE_STATEMENT_TIMEOUT": "1s",
    "REVIEWS_DATABASE_CONNECT_TIMEOUT": "20s",
    "REVIEWS_SUPERVISION_STUCK_AFTER": "2s",
    "REVIEWS_SUPERVISION_BACKOFF_MAX": "500ms",
}


class Traffic:
    """Posts and reads in the background, whatever the answer."""

    CONNECTIONS = 2
    PAUSE_SECONDS = 0.02

    def __init__(self, producer):
        self._producer = producer
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._post, args=(number,)) for number in range(self.CONNECTIONS)]
        self._threads.append(threading.Thread(target=self._read))

    def _post(self, connection):
        self._repeat(
            lambda client, number: client.post(
                {"vendor_id": f"v{connection}-{number % 20}", "author": "a", "rating": 3}
            )
        )

    def _read(self):
        self._repeat(lambda client, number: client.get(f"/v1/vendors/v0-{number % 20}/rating"))

    def _repeat(self, work):
        number = 0
        with self._producer.client() as client:
            while not self._is_over.wait(self.PAUSE_SECONDS):
                number += 1
                with contextlib.suppress(OSError, http.client.HTTPException):
                    work(client, number)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for thread in self._threads:
            thread.join()


@dataclass
class Scene:
    stack: Stack
    producer: Producer
    consumer: Consumer
    consumer_file: pathlib.Path
    ports: FailingPorts
    prometheus: Prometheus


def with_own_file(program, path):
    """Gives the program a configuration file that may be changed."""
    place = program.command.index("--config") + 1
    shutil.copyfile(program.command[place], path)
    program.command[place] = str(path)
    return program


@pytest.fixture(scope="module")
def stack(kafka, postgres, folder):
    """One for all faults; what is always true holds after the last."""
    all_faults = Stack(kafka, postgres, folder)
    try:
        all_faults.set_up()
        yield all_faults
        all_faults.verify()
    finally:
        all_faults.end()


@pytest.fixture(scope="module")
def scene(stack):
    ports = FailingPorts(stack.folder / "ports")
    consumer_file = stack.folder / "watched-consumer.toml"
    producer = stack.started_producer(REVIEWS_HTTP_CONNECTIONS_MAX=str(CONNECTIONS_MAX))
    consumer = with_own_file(stack.consumer(**CONSUMER, **ports.environment), consumer_file)
    consumer.start()
    prometheus = Prometheus(
        stack.folder,
        {"reviews-producer": producer.management_port, "reviews-consumer": consumer.management_port},
        rules.write(rules.shortened(rules.load()), stack.folder / "rules.yml"),
    )
    try:
        prometheus.start()
        with Traffic(producer):
            yield Scene(stack, producer, consumer, consumer_file, ports, prometheus)
    finally:
        prometheus.end()


@contextlib.contextmanager
def poison_in_the_topic(scene):
    scene.stack.topic.write(b"v", b"no review")
    yield


@contextlib.contextmanager
def a_writer_that_ends(scene):
    scene.ports.fail("store", "once")
    yield


@contextlib.contextmanager
def a_bad_file_at_reload(scene):
    good = scene.consumer_file.read_text()
    scene.consumer_file.write_text(good + '\n[no-such-table]\nkey = "value"\n')
    scene.consumer.send(signal.SIGHUP)
    try:
        yield
    finally:
        scene.consumer_file.write_text(good)
        scene.consumer.send(signal.SIGHUP)


@contextlib.contextmanager
def too_many_connections(scene):
    with contextlib.ExitStack() as opened:
        for _ in range(CONNECTIONS_MAX + 5):
            opened.enter_context(socket.create_connection(("127.0.0.1", scene.producer.port), timeout=10))
        yield


@contextlib.contextmanager
def a_broker_stopped(scene):
    scene.stack.kafka.stop()
    try:
        yield
    finally:
        scene.stack.kafka.start()


@contextlib.contextmanager
def a_database_that_hangs(scene):
    """Its sessions neither answer nor end."""
    sessions = scene.stack.database.query(
        "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    assert sessions
    for session in sessions:
        os.kill(session["pid"], signal.SIGSTOP)
    try:
        yield
    finally:
        for session in sessions:
            os.kill(session["pid"], signal.SIGCONT)


@contextlib.contextmanager
def a_database_stopped(scene):
    scene.stack.postgres.stop()
    try:
        yield
    finally:
        scene.stack.postgres.start()


@contextlib.contextmanager
def a_consumer_that_hangs(scene):
    scene.consumer.send(signal.SIGSTOP)
    try:
        yield
    finally:
        scene.consumer.send(signal.SIGCONT)


@contextlib.contextmanager
def a_consumer_stopped(scene):
    scene.consumer.stop()
    try:
        yield
    finally:
        scene.consumer.start()


@contextlib.contextmanager
def a_consumer_started_without_its_database(scene):
    scene.consumer.stop()
    with a_database_stopped(scene):
        scene.consumer.launch()
        yield
    scene.consumer.wait_for(scene.consumer.is_ready, 60, "ready")


@contextlib.contextmanager
def an_offset_outside_of_the_log(scene):
    def move(records):
        scene.consumer.stop()
        moved = scene.stack.database.execute(
            "update consumer_offsets set next_offset = next_offset + %s where group_id = %s and topic_partition = %s",
            records,
            scene.stack.group_id,
            LOST_PARTITION,
        )
        assert moved == 1
        scene.consumer.start()

    wait_until(lambda: LOST_PARTITION in stored_partitions(scene), 30, f"partition {LOST_PARTITION}: a stored offset")
    move(1_000_000)
    try:
        yield
    finally:
        move(-1_000_000)


def stored_partitions(scene):
    return scene.stack.database.next_offsets(scene.stack.group_id, scene.stack.topic_name)


@contextlib.contextmanager
def a_producer_killed(scene):
    scene.producer.kill()
    try:
        yield
    finally:
        scene.producer.start()


# Each fault, and what must fire by it: (alert, labels).
FAULTS = [
    (poison_in_the_topic, [("ReviewsDeadLetters", {"reason": "not_json", "severity": "warning"})]),
    (a_writer_that_ends, [("ReviewsRestarts", {"severity": "warning"})]),
    (a_bad_file_at_reload, [("ReviewsReloadFailed", {"job": "reviews-consumer"})]),
    (too_many_connections, [("ReviewsOverloaded", {"severity": "warning"})]),
    (
        a_broker_stopped,
        [
            ("ReviewsKafkaUnreachable", {"severity": "critical"}),
            ("ReviewsAcknowledgementErrors", {"severity": "critical", "burn": "14.4"}),
            ("ReviewsAcknowledgementErrors", {"severity": "critical", "burn": "6"}),
            ("ReviewsAcknowledgementErrors", {"severity": "warning", "burn": "1"}),
        ],
    ),
    (
        a_database_that_hangs,
        [("ReviewsPartitionStuck", {"severity": "warning"}), ("ReviewsPartitionStandsStill", {"severity": "critical"})],
    ),
    (
        a_database_stopped,
        [
            ("ReviewsPostgresUnreachable", {"severity": "critical"}),
            ("ReviewsLagGrows", {"severity": "critical"}),
            ("ReviewsReadsFail", {"severity": "warning"}),
            ("ReviewsCommitsUnheard", {"severity": "warning"}),
        ],
    ),
    (a_consumer_that_hangs, [("ReviewsInstanceDown", {"job": "reviews-consumer"})]),
    (a_consumer_stopped, [("ReviewsConsumerAbsent", {"severity": "critical"})]),
    (
        a_consumer_started_without_its_database,
        [
            ("ReviewsNotReady", {"severity": "warning", "job": "reviews-consumer"}),
            ("ReviewsNotReady", {"severity": "critical", "program": "consumer"}),
        ],
    ),
    (an_offset_outside_of_the_log, [("ReviewsPartitionStopped", {"partition": str(LOST_PARTITION)})]),
    (
        a_producer_killed,
        [("ReviewsProducerAbsent", {"severity": "critical"}), ("ReviewsInstanceDown", {"job": "reviews-producer"})],
    ),
]


def test_every_alert_has_a_fault():
    assert {name for _, alerts in FAULTS for name, _ in alerts} == rules.alert_names()


def test_nothing_fires_while_all_is_well(scene):
    prometheus = scene.prometheus
    prometheus.wait_for(lambda: prometheus.value("sum(up)") == 2, 30, "scraping both programs")
    prometheus.wait_for(lambda: prometheus.value("reviews:post_errors:ratio_rate5m") == 0, 30, "judging posts")

    wait_until(lambda: not prometheus.firing(), 30, "no alert")
    assert prometheus.broken_rules() == {}


@pytest.mark.parametrize(("fault", "alerts"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
def test_a_fault_fires_its_alerts_until_it_is_mended(scene, fault, alerts):
    for name, labels in alerts:
        scene.prometheus.wait_until_quiet(name, **labels)

    with fault(scene):
        for name, labels in alerts:
            for alert in scene.prometheus.wait_until_firing(name, **labels):
                texts = " ".join(alert["annotations"].values())
                assert "error" not in texts.lower().replace("acknowledgementerrors", ""), texts
                assert "<no value>" not in texts

    for name, labels in alerts:
        scene.prometheus.wait_until_quiet(name, **labels)
