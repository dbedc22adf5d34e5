"""A real Kafka broker and a real Postgres, each with its own folder and port."""

import contextlib
import json
import signal
import socket
import subprocess
import tempfile

import psycopg2

from .places import LOCAL, free_port
from .processes import Process


def accepts(port):
    """Whether somebody listens there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class KafkaBroker(Process):
    """One KRaft broker; topics are made by whoever needs them."""

    def __init__(self, folder):
        self.port = free_port()
        super().__init__(
            "kafka",
            [LOCAL / "kafka-server", folder / "kafka", self.port],
            folder,
            {"KAFKA_JVM_OPTIONS": "-XX:TieredStopAtLevel=1"},
        )

    @property
    def bootstrap_servers(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        starts_before = self.log().count("Kafka Server started")
        super().start()
        self.wait_for(
            lambda: self.log().count("Kafka Server started") > starts_before and accepts(self.port),
            120,
            "answering",
        )


    def delete_records(self, topic, partition, before):
        """Moves the beginning of a partition's log to the offset `before`, as retention does."""
        jars = subprocess.run([LOCAL / "kafka-jars"], capture_output=True, text=True, check=True).stdout.strip()
        what = {"partitions": [{"topic": topic, "partition": partition, "offset": before}], "version": 1}
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(what, file)
            file.flush()
            subprocess.run(
                ["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", f"{jars}/*"]
                + ["org.apache.kafka.tools.DeleteRecordsCommand", "--bootstrap-server", self.bootstrap_servers]
                + ["--offset-json-file", file.name],
                stdout=subprocess.DEVNULL,
                timeout=60,
                check=True,
            )


class PostgresServer(Process):
    """A cluster of its own with the user `reviews`; `options` are more of the server's, such as `-c ssl=on`."""

    def __init__(self, folder, options=""):
        self.port = free_port()
        self._password_path = folder / "password"
        super().__init__(
            "postgres",
            [LOCAL / "postgres-server", folder / "postgres", self.port, self._password_path],
            folder,
            {"POSTGRES_OPTIONS": options} if options else {},
            stop_signal=signal.SIGINT,
        )

    def url(self, database="reviews", password=None):
        password = password or self._password_path.read_text().strip()
        return f"postgresql://reviews:{password}@127.0.0.1:{self.port}/{database}"

    def answers(self):
        if not self._password_path.exists():
            return False
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(self.url(), connect_timeout=2).close()
            return True
        return False

    def start(self):
        super().start()
        self.wait_for(self.answers, 60, "answering")

    def create_database(self, name):
        connection = psycopg2.connect(self.url())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f'create database "{name}"')
        finally:
            connection.close()
