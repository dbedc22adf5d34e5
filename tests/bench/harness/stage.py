"""Servers of our own in a temporary folder, and the programs that run against them."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import psycopg2

from support.database import Database
from support.places import CURRENT, free_port
from support.processes import Process
from support.programs import Consumer, Producer, run_program
from support.servers import KafkaBroker, PostgresServer, accepts

PARTITIONS = 6


class Server(Process):
    """A floor or a peer that listens on a port."""

    def __init__(self, name, program, folder, *arguments):
        self.port = free_port()
        super().__init__(name, [program, "--port", self.port, *arguments], folder)

    def start(self):
        super().start()
        self.wait_for(lambda: accepts(self.port), 30, "listening")


class Stage:
    """Kafka and Postgres, started by `open`; everything is stopped when the block ends, however it ends."""

    def __init__(self, floors_dir, folder, cleanup):
        self.floors_dir = floors_dir
        self.folder = folder
        self.kafka = KafkaBroker(folder)
        # As deploy/local/up runs it, but for the heap: Kafka's own start script gives it as much. With 512 MiB it
        # collects garbage four times a second, 3 ms each, and every review waits.
        self.kafka.environment = {"KAFKA_JVM_OPTIONS": "-Xms1g -Xmx1g -XX:+AlwaysPreTouch"}
        self.postgres = PostgresServer(folder)
        self._cleanup = cleanup

    @classmethod
    @contextlib.contextmanager
    def open(cls, floors_dir):
        with contextlib.ExitStack() as cleanup:
            folder = pathlib.Path(tempfile.mkdtemp(prefix="reviews-bench-"))
            cleanup.callback(_remove, folder)
            folder.chmod(0o755)  # Postgres runs as a user of its own
            stage = cls(floors_dir, folder, cleanup)
            stage.started(stage.kafka)
            stage.started(stage.postgres)
            yield stage

    def started(self, process):
        self._cleanup.callback(process.end)
        process.start()
        return process

    def environment(self, topic, database="reviews", group="bench"):
        return {
            "REVIEWS_KAFKA_BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "REVIEWS_KAFKA_TOPIC": topic,
            "REVIEWS_KAFKA_DLQ_TOPIC": f"{topic}.dlq",
            "REVIEWS_KAFKA_GROUP_ID": group,
            "REVIEWS_DATABASE_URL": self.postgres.url(database),
        }

    def create_topic(self, topic, partitions=PARTITIONS):
        self._setup("--topics-only", "--partitions", partitions, "--replication-factor", 1, topic=topic)

    def write_backlog(self, topic, records, vendors=1000):
        """Valid reviews, each with a UUIDv7 of its own."""
        self.floor(
            "floor_produce",
            bootstrap=self.kafka.bootstrap_servers,
            topic=topic,
            reviews=records,
            vendors=vendors,
            window=20_000,
            linger=20,
        )

    def create_database(self, name, topic):
        """With the schema."""
        self.postgres.create_database(name)
        self._setup("--schema-only", topic=topic, database=name)
        return Database(self.postgres.url(name))

    @contextlib.contextmanager
    def database(self, name, topic, template=None):
        """A new database with the schema, or a copy of `template`; gone afterwards. Begins after a checkpoint."""
        if template is None:
            self.create_database(name, topic)
        else:
            self._copy_database(template, name)
        self._administer("checkpoint")
        yield Database(self.postgres.url(name))
        self._administer(f'drop database "{name}" with (force)')

    def _copy_database(self, template, name):
        version = Database(self.postgres.url()).query("select current_setting('server_version_num')::int as n")[0]["n"]
        strategy = "strategy file_copy" if version >= 150_000 else ""  # older ones know no other
        self._administer(f'create database "{name}" template "{template}" {strategy}')

    def _administer(self, statement):
        connection = psycopg2.connect(self.postgres.url())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def _setup(self, *arguments, topic, database="reviews"):
        done = run_program("reviewctl", "setup", *arguments, environment=self.environment(topic, database))
        assert done.returncode == 0, f"reviewctl setup: {done.stderr}"

    def floor(self, name, **options):
        """Runs a floor to its end and returns what it prints."""
        words = [str(self.floors_dir / name)]
        for option, value in options.items():
            words += [f"--{option.replace('_', '-')}", str(value)]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=900, env=os.environ)
        assert done.returncode == 0, f"{name}: ended with {done.returncode}: {done.stderr}"
        return json.loads(done.stdout)

    def server(self, name, program, *arguments):
        return self.started(Server(name, self.floors_dir / program, self.folder, *arguments))

    def producer(self, topic, release=CURRENT, **environment):
        return self.started(Producer(self.folder, {**self.environment(topic), **environment}, release))

    @contextlib.contextmanager
    def trickle(self, producer, rate):
        """`rate` posts a second in the background, in an open loop; none at 0."""
        words = ("--port", producer.port, "--rate", rate, "--connections", 16, "--seconds", 3600)
        load = Process("trickle", [self.floors_dir / "bench_load", *words], self.folder)
        self._cleanup.callback(load.end)
        if rate > 0:
            load.start()
        yield
        load.end()

    def consumer(self, topic, database, group, release=CURRENT, **environment):
        """Not waited for: it drains from its first moment."""
        program = Consumer(self.folder, {**self.environment(topic, database, group), **environment}, release)
        self._cleanup.callback(program.end)
        program.launch()
        return program


def _remove(folder):
    postgres_home = (folder / "postgres").resolve()  # a link where Postgres's user cannot reach the folder
    shutil.rmtree(folder, ignore_errors=True)
    if postgres_home.parent.name == "reviews-local":
        shutil.rmtree(postgres_home, ignore_errors=True)
