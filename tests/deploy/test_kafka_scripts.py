"""The broker's start and its probe, with made-up Kafka commands."""

import os
import subprocess

import pytest

from support.places import COMPONENTS

KAFKA = COMPONENTS / "kafka"


@pytest.fixture
def run(tmp_path):
    """Runs a script as the pod `kafka-1`; the commands print what is given, and where they were called."""

    def run_script(script, **commands):
        (tmp_path / "bin").mkdir()
        for name, body in commands.items():
            command = tmp_path / "bin" / f"{name.replace('_', '-')}.sh"
            command.write_text(f"#!/bin/sh\n{body}\n")
            command.chmod(0o755)
        environment = {
            "KAFKA_HOME": str(tmp_path),
            "HOSTNAME": "kafka-1",
            "DOMAIN": "kafka-brokers.reviews.svc",
            "CLUSTER_ID": "made-up",
            "PATH": os.environ["PATH"],
            "TMPDIR": str(tmp_path),
        }
        return subprocess.run(
            ["bash", KAFKA / script], capture_output=True, text=True, timeout=30, check=False, env=environment
        )

    return run_script


def line(partition, replicas, in_sync):
    return (
        f"\tTopic: reviews.v1\tPartition: {partition}\tLeader: 0\tReplicas: {replicas}\tIsr: {in_sync}"
        "\tElr: \tLastKnownElr: "
    )


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], 0),
        ([line(0, "0,1,2", "0,2")], 1),
        ([line(0, "0,1,2", "0,1")], 0),
        ([line(0, "0,2", "0")], 0),
        ([line(0, "10,11,12", "10,11")], 0),
        ([line(0, "0,1,2", "0,1"), line(1, "1,0,2", "0,11")], 1),
        ([line(0, "1", "")], 1),
    ],
    ids=["all", "not this one", "not another", "no copy here", "two digits", "one of two", "none"],
)
def test_a_broker_is_started_once_it_is_in_sync(run, lines, status):
    done = run("in-sync", kafka_topics="cat <<'E'\n" + "\n".join(lines) + "\nE")

    assert (done.returncode, done.stderr) == (status, "")


def test_a_broker_that_does_not_answer_is_not_started(run):
    assert run("in-sync", kafka_topics="exit 1").returncode != 0


def test_a_broker_is_named_like_its_pod(run):
    done = run("start", kafka_storage='echo "storage $*"', kafka_server_start='echo "server $*"; cat "$1"')

    assert done.returncode == 0, done.stderr
    storage, server, *properties = done.stdout.splitlines()
    file = server.split()[1]
    assert storage == f"storage format --ignore-formatted --cluster-id made-up --config {file}"
    assert "node.id=1" in properties
    assert (
        "advertised.listeners=CLIENTS://kafka-1.kafka-brokers.reviews.svc:9092,"
        "BROKERS://kafka-1.kafka-brokers.reviews.svc:9094" in properties
    )
    for name in ("server.properties", "replication.properties"):
        assert set((KAFKA / name).read_text().splitlines()) <= set(properties)
