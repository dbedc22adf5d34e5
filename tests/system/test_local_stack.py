"""deploy/local/up and down, as a newcomer and as an impatient one uses them."""

import os
import signal
import socket
import subprocess
import threading

import pytest

from support.database import Database
from support.http_client import Client
from support.local_stack import PROCESSES, LocalStack
from support.places import free_port
from support.waiting import wait_until


@pytest.fixture
def local():
    stack = LocalStack()
    try:
        yield stack
    finally:
        stack.end()


@pytest.fixture
def other_local():
    stack = LocalStack()
    try:
        yield stack
    finally:
        stack.end()


def test_up_serves_and_data_survives_down(local):
    output = local.up()

    assert f"http://localhost:{local.ports['LOCAL_HTTP_PORT']}/" in output
    receipt = local.post()
    wait_until(lambda: local.database().review(receipt["review_id"]), 5, "the row")

    pids = local.pids()
    local.up()
    assert local.pids() == pids, "a second start leaves alone what runs"

    local.down()
    local.expect_nothing_left()
    local.down()

    local.up()
    assert local.database().review(receipt["review_id"])
    again = local.post()
    assert (again["partition"], again["offset"]) == (receipt["partition"], receipt["offset"] + 1)

    local.down("--purge")
    local.expect_nothing_left()
    assert not local.folder.exists()


@pytest.mark.parametrize("lock", [None, "", "of another program\n"])
def test_down_leaves_a_foreign_folder_alone(local, lock):
    files = [local.folder / name / "precious" for name in ("run", "log", "postgres", "kafka")]
    for each in files:
        each.parent.mkdir(parents=True)
        each.touch()
    if lock is not None:
        (local.folder / "lock").write_text(lock)

    status, output = local.run("down", "--purge")

    assert status == 0
    assert "nothing was started in" in output
    assert all(each.exists() for each in files)
    assert (local.folder / "lock").exists() == (lock is not None)


def test_ports_in_use_are_named_before_anything_starts(local):
    taken = ("LOCAL_HTTP_PORT", "LOCAL_POSTGRES_PORT")
    listeners = [socket.create_server(("127.0.0.1", local.ports[name])) for name in taken]

    status, output = local.run("up", "--detach")

    for listener in listeners:
        listener.close()
    assert status == 1
    for name in taken:
        assert f"{local.ports[name]} is in use by" in output and name in output
        assert f"process {os.getpid()}" in output
    local.expect_nothing_left()
    assert local.pids() == [None] * 4


def test_a_port_asked_for_twice_or_no_port_is_a_mistake(local):
    local.environment["LOCAL_KAFKA_PORT"] = local.environment["LOCAL_HTTP_PORT"]
    local.environment["LOCAL_POSTGRES_PORT"] = "http"

    status, output = local.run("up", "--detach")

    assert status == 1
    assert "LOCAL_KAFKA_PORT" in output and "LOCAL_POSTGRES_PORT" in output


INTERRUPTIONS = [(process, signal.SIGINT) for process in PROCESSES] + [("reviews-producer", signal.SIGTERM)]


@pytest.mark.parametrize(("process", "signal_number"), INTERRUPTIONS)
def test_an_interrupted_start_leaves_nothing_running(local, process, signal_number):
    child = local.begin("up", "--detach")
    wait_until(lambda: local.pid(process), 120, f"the start of {process}")

    os.killpg(child.pid, signal_number)

    output, _ = child.communicate(timeout=120)
    assert child.returncode == 128 + signal_number, output
    local.expect_nothing_left()


def test_a_start_interrupted_while_it_prepares_can_be_repeated(local):
    child = local.begin("up", "--detach")
    wait_until(lambda: (local.folder / "kafka/server.properties").exists(), 120, "Kafka being prepared")

    os.killpg(child.pid, signal.SIGINT)

    child.communicate(timeout=60)
    assert child.returncode == 130
    local.expect_nothing_left()
    local.up()
    local.post()


def test_ctrl_c_stops_everything_that_up_follows(local):
    child = local.begin("up")
    wait_until(lambda: _is_ready(local), 120, "ready")
    receipt = local.post()

    os.killpg(child.pid, signal.SIGINT)

    output, _ = child.communicate(timeout=120)
    assert child.returncode == 130, output
    local.expect_nothing_left()
    assert receipt["status"] == "accepted"


def test_down_ends_an_up_that_follows(local):
    child = local.begin("up")
    wait_until(lambda: _is_ready(local), 120, "ready")
    wait_until(lambda: not _is_locked(local), 30, "the end of the start")

    local.down()

    output, _ = child.communicate(timeout=60)
    assert child.returncode == 0, output
    local.expect_nothing_left()


def test_a_crash_is_told_and_ends_everything(local):
    child = local.begin("up")
    wait_until(lambda: _is_ready(local), 120, "ready")
    wait_until(lambda: not _is_locked(local), 30, "the end of the start")

    os.kill(local.pid("reviews-consumer"), signal.SIGKILL)

    output, _ = child.communicate(timeout=120)
    assert child.returncode == 1
    assert "reviews-consumer: ended by itself, status 137" in output
    local.expect_nothing_left()


def test_two_stacks_run_side_by_side(local, other_local):
    local.up()
    other_local.up()

    first, second = local.post(), other_local.post()

    wait_until(lambda: local.database().review(first["review_id"]), 10, "the first stack's row")
    wait_until(lambda: other_local.database().review(second["review_id"]), 10, "the second stack's row")
    assert local.database().review_count() == other_local.database().review_count() == 1
    local.down()
    assert other_local.post()["status"] == "accepted"


def test_two_starts_of_one_stack_do_not_race(local):
    outcomes = []
    starts = [threading.Thread(target=lambda: outcomes.append(local.run("up", "--detach"))) for _ in range(2)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    assert [status for status, _ in outcomes] == [0, 0], outcomes
    local.post()
    local.down()
    local.expect_nothing_left()


def test_other_settings_while_it_runs_are_refused(local):
    local.up()
    pids = local.pids()
    local.environment["LOCAL_HTTP_PORT"] = str(free_port())

    status, output = local.run("up", "--detach")

    assert status == 1
    assert "LOCAL_HTTP_PORT" in output and "deploy/local/down" in output
    assert local.pids() == pids


def test_servers_that_already_run_are_used(local, kafka, postgres):
    postgres.create_database("external")
    local.environment["KAFKA_BOOTSTRAP_SERVERS"] = kafka.bootstrap_servers
    local.environment["DATABASE_URL"] = postgres.url("external")

    local.up()

    receipt = local.post()
    wait_until(lambda: Database(postgres.url("external")).review(receipt["review_id"]), 10, "the row")
    assert local.pid("kafka") is None and local.pid("postgres") is None
    local.down()
    assert kafka.is_running() and postgres.is_running()
    assert postgres.url("external").split(":")[2].split("@")[0] not in (local.folder / "settings").read_text()


def test_two_stacks_on_the_same_servers_are_two_replicas(local, other_local, kafka, postgres):
    postgres.create_database("shared")
    topic = "shared.local"
    for stack in (local, other_local):
        stack.environment |= {
            "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "DATABASE_URL": postgres.url("shared"),
            "REVIEWS_KAFKA_TOPIC": topic,
            "REVIEWS_KAFKA_DLQ_TOPIC": f"{topic}.dlq",
            "REVIEWS_KAFKA_GROUP_ID": topic,
        }
        stack.up()

    posted = []

    def both_have_stored():
        posted.append(local.post(f"v{len(posted)}")["review_id"])
        return all(stack.stored_count() > 0 for stack in (local, other_local))

    wait_until(both_have_stored, 60, "rows by both consumers")
    database = Database(postgres.url("shared"))
    wait_until(lambda: all(map(database.review, posted)), 20, "every row")
    assert all(map(_is_ready, (local, other_local)))
    assert not any("FENCED" in stack.consumer_log() for stack in (local, other_local))


def _is_ready(local):
    try:
        with Client(local.ports["LOCAL_CONSUMER_MANAGEMENT_PORT"]) as client:
            return client.get("/readyz").status == 200
    except OSError:
        return False


def _is_locked(local):
    return subprocess.run(["flock", "-n", local.folder / "lock", "true"], check=False).returncode != 0
