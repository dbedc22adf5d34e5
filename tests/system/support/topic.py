"""A Kafka topic, read and written directly."""

import contextlib
from dataclasses import dataclass

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition

from .waiting import wait_until


@dataclass
class Record:
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: list  # of (name, bytes)

    def header(self, name):
        """The only value of a header; fails when there is none or more than one."""
        values = [value for header, value in self.headers if header == name]
        assert len(values) == 1, f"header {name}: expected once, got {values}"
        return values[0]


class Topic:
    def __init__(self, bootstrap_servers, name):
        self.name = name
        self._servers = bootstrap_servers

    @contextlib.contextmanager
    def _consumer(self):
        consumer = Consumer(
            {
                "bootstrap.servers": self._servers,
                "group.id": "system-tests",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "isolation.level": "read_committed",
            }
        )
        try:
            yield consumer
        finally:
            consumer.close()

    def end_offsets(self):
        """{partition: next offset to be written}"""
        with self._consumer() as consumer:

            def ask():
                # A broker that has just started answers some questions with `not leader`.
                with contextlib.suppress(KafkaException):
                    return {
                        number: consumer.get_watermark_offsets(TopicPartition(self.name, number), timeout=5)[1]
                        for number in consumer.list_topics(self.name, timeout=5).topics[self.name].partitions
                    }
                return None

            return wait_until(ask, 30, f"{self.name}: its end offsets")

    def read(self):
        """Every record, each partition's in order."""
        ends = self.end_offsets()
        open_partitions = set(ends)
        records = []
        with self._consumer() as consumer:
            consumer.assign([TopicPartition(self.name, number, OFFSET_BEGINNING) for number in ends])

            def drain():
                for message in consumer.consume(10_000, timeout=0.2):
                    if message.error() is None:
                        records.append(_record_of(message))
                    elif message.error().code() == KafkaError._PARTITION_EOF:
                        open_partitions.discard(message.partition())
                    else:
                        raise AssertionError(f"{self.name}: {message.error()}")
                return not open_partitions

            wait_until(drain, 60, f"{self.name}: read to its end")
        return sorted(records, key=lambda record: (record.partition, record.offset))

    def write(self, key, value, headers=(), partition=None):
        """Writes one record and returns (partition, offset)."""
        reports = []
        producer = Producer({"bootstrap.servers": self._servers, "partitioner": "murmur2_random"})
        where = {} if partition is None else {"partition": partition}
        producer.produce(
            self.name,
            key=key,
            value=value,
            headers=list(headers),
            on_delivery=lambda error, message: reports.append((error, message)),
            **where,
        )
        assert producer.flush(30) == 0, f"{self.name}: expected a delivery report within 30 s"
        error, message = reports[0]
        assert error is None, f"{self.name}: {error}"
        return message.partition(), message.offset()

    def write_and_abort(self, records, partition):
        """[(key, value)] in a transaction that is aborted once they are in the log."""
        producer = Producer({"bootstrap.servers": self._servers, "transactional.id": f"{self.name}.tests"})
        producer.init_transactions(30)
        producer.begin_transaction()
        for key, value in records:
            producer.produce(self.name, key=key, value=value, partition=partition)
        assert producer.flush(30) == 0, f"{self.name}: expected delivery reports within 30 s"
        producer.abort_transaction(30)


def _record_of(message):
    return Record(message.partition(), message.offset(), message.key(), message.value(), message.headers() or [])
