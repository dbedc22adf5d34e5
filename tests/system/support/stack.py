"""Topics, a database and programs that belong together, apart from every other test's."""

import itertools
import pathlib
import tempfile

from .database import Database
from .places import CURRENT
from .programs import Consumer, Producer, run_program
from .topic import Topic
from .waiting import wait_until

PARTITIONS = 6
_numbers = itertools.count(1)


class Stack:
    """Names of its own on shared servers, so that tests do not meet."""

    def __init__(self, kafka, postgres, folder):
        name = f"t{next(_numbers)}"
        self.kafka = kafka
        self.postgres = postgres
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=name, dir=folder))
        self.topic_name = f"reviews.{name}"
        self.group_id = f"reviews-writer-{name}"
        self.topic = Topic(kafka.bootstrap_servers, self.topic_name)
        self.dead_letters = Topic(kafka.bootstrap_servers, f"{self.topic_name}.dlq")
        postgres.create_database(name)
        self.database = Database(postgres.url(name))
        self.programs = []
        self.environment = {
            "REVIEWS_KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "REVIEWS_KAFKA_TOPIC": self.topic_name,
            "REVIEWS_KAFKA_DLQ_TOPIC": f"{self.topic_name}.dlq",
            "REVIEWS_KAFKA_GROUP_ID": self.group_id,
            "REVIEWS_DATABASE_URL": self.database.url,
            "REVIEWS_LOG_FORMAT": "json",
        }

    def set_up(self, replication_factor=1, release=CURRENT):
        partitions = ["--partitions", PARTITIONS, "--replication-factor", replication_factor]
        self.reviewctl_ok("setup", *partitions, release=release)

    def producer(self, release=CURRENT, **environment):
        """A producer, not yet started."""
        return self._keep(Producer(self.folder, {**self.environment, **environment}, release))

    def consumer(self, instance="one", release=CURRENT, **environment):
        """A consumer, not yet started; `instance` is its static membership."""
        member = {"REVIEWS_KAFKA_GROUP_INSTANCE_ID": f"{self.group_id}-{instance}"}
        return self._keep(Consumer(self.folder, {**self.environment, **member, **environment}, release))

    def _keep(self, program):
        self.programs.append(program)
        return program

    def started_producer(self, **environment):
        producer = self.producer(**environment)
        producer.start()
        return producer

    def started_consumer(self, instance="one", **environment):
        consumer = self.consumer(instance, **environment)
        consumer.start()
        return consumer

    def reviewctl(self, *arguments, seconds=300, release=CURRENT):
        return run_program(
            "reviewctl", *arguments, environment=self.environment, seconds=seconds, release=release
        )

    def reviewctl_ok(self, *arguments, release=CURRENT):
        done = self.reviewctl(*arguments, release=release)
        assert done.returncode == 0, f"reviewctl {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def is_caught_up(self):
        """Whether the stored offsets have reached the end of every partition that holds records."""
        stored = self.database.next_offsets(self.group_id, self.topic_name)
        return all(stored.get(partition, 0) == end for partition, end in self.topic.end_offsets().items())

    def wait_until_caught_up(self, seconds=60):
        wait_until(self.is_caught_up, seconds, f"{self.group_id}: caught up")

    def verify(self):
        """`reviewctl verify` finds nothing, with everything that was sent stored."""
        consumers = [program for program in self.programs if isinstance(program, Consumer)] or [self.consumer()]
        if not any(consumer.is_running() for consumer in consumers):
            consumers[-1].start()
        self.wait_until_caught_up()
        self.reviewctl_ok("verify")

    def end(self):
        for program in self.programs:
            program.end()

    def logs(self):
        return "\n".join(f"--- {program.name}\n{program.log_tail()}" for program in self.programs)
