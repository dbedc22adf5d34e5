"""Everything a run needs, wired: who talks to whom goes through a proxy of its own."""

import signal

from support.places import free_port
from support.stack import Stack

from .cluster import BROKERS, Cluster
from .disk import small_disk
from .postgres import Postgres
from .proxy import Wires

CONSUMERS = ("one", "two", "three")
REGULARS = CONSUMERS[:2]  # the third joins and leaves

# Every move of a stored offset is written down in the transaction that makes it.
_AUDIT = """
create table offset_moves (
  number bigserial primary key,
  at double precision not null,
  who text not null,
  topic_partition integer not null,
  was bigint,
  becomes bigint
);
create function note_move() returns trigger language plpgsql as $$
begin
  insert into offset_moves (at, who, topic_partition, was, becomes)
  values (extract(epoch from clock_timestamp()), current_setting('application_name'),
          coalesce(new.topic_partition, old.topic_partition), old.next_offset, new.next_offset);
  return null;
end $$;
create trigger note_move after insert or update or delete on consumer_offsets
  for each row execute function note_move();
alter table reviews set (fillfactor = 10);
"""


class Stage:
    """Servers, programs and the proxies between them.

    `wires` is {pair: its proxies}; a pair with brokers has one a broker.
    """

    def __init__(self, folder):
        self._ports = set()
        self._ends = []
        self.absent = set()  # programs that a fault has taken down
        try:
            self._set_up(folder)
        except BaseException:
            self.end()
            raise

    def _set_up(self, folder):
        wires = Wires()
        self._ends.append(wires.end)
        self.wires = {
            "client-producer": [wires.proxy("client-producer")],
            "producer-broker": [wires.proxy(f"producer-broker{number + 1}") for number in range(BROKERS)],
            "consumer-broker": [wires.proxy(f"consumer-broker{number + 1}") for number in range(BROKERS)],
            "consumer-postgres": [wires.proxy("consumer-postgres")],
        }
        pairs = {"PRODUCER": self.wires["producer-broker"], "CONSUMER": self.wires["consumer-broker"]}
        self.cluster = Cluster(folder, pairs, self._take_port)
        self.disk = small_disk(folder)
        self._ends.append(self.disk.end)
        self.postgres = Postgres(folder, self.disk)
        self._ends += [self.postgres.end, self.cluster.end]
        self.postgres.start()
        self.cluster.start()
        self.stack = Stack(self.cluster, self.postgres, folder)
        self._ends.append(self.stack.end)
        self.stack.set_up(replication_factor=BROKERS)
        self.stack.database.execute(_AUDIT)
        self._wire_programs()

    def _wire_programs(self):
        def brokers(pair):
            return ",".join(f"127.0.0.1:{proxy.port}" for proxy in self.wires[pair])

        [to_postgres] = self.wires["consumer-postgres"]
        to_postgres.target = self.postgres.port
        url = self.stack.database.url.replace(f":{self.postgres.port}/", f":{to_postgres.port}/")
        self.producer = self.stack.producer(REVIEWS_KAFKA_BOOTSTRAP_SERVERS=brokers("producer-broker"))
        self.wires["client-producer"][0].target = self.producer.port
        self.consumers = {
            name: self.stack.consumer(
                name,
                REVIEWS_KAFKA_BOOTSTRAP_SERVERS=brokers("consumer-broker"),
                REVIEWS_DATABASE_URL=f"{url}?application_name=consumer-{name}",
            )
            for name in CONSUMERS
        }

    def _take_port(self):
        """Free, and not promised to anybody else here."""
        port = free_port()
        while port in self._ports:
            port = free_port()
        self._ports.add(port)
        return port

    @property
    def client_port(self):
        return self.wires["client-producer"][0].port

    def regulars(self):
        """{name: program} of those that are to be ready at all times."""
        return {"producer": self.producer, **{f"consumer {name}": self.consumers[name] for name in REGULARS}}

    def start_programs(self):
        programs = self.regulars().values()
        for program in programs:
            program.launch()
        for program in programs:
            program.wait_for(program.is_ready, 60, "ready")

    def heal(self):
        for proxies in self.wires.values():
            for proxy in proxies:
                proxy.heal()

    def end(self):
        """Stops everything, the last started first, whatever state it is in."""
        if hasattr(self, "stack"):
            stopped = [*self.stack.programs, *self.cluster.brokers]
            for process in (process for process in stopped if process.is_running()):
                process.send(signal.SIGCONT)
        failures = []
        for end in reversed(self._ends):
            try:
                end()
            except Exception as failure:  # the rest must be stopped all the same
                failures.append(failure)
        self._ends.clear()
        if failures:
            raise failures[0]
