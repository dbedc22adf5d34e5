"""Three Kafka brokers that replicate each other, each behind a proxy for every kind of client."""

import base64
import contextlib
import re
import shutil
import subprocess
import uuid

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from support.places import LOCAL
from support.processes import Process
from support.servers import accepts

BROKERS = 3
JAVA = ("java", "-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

_PROPERTIES = """
process.roles=broker,controller
node.id={number}
controller.quorum.voters={voters}
listeners={listeners},CONTROLLER://127.0.0.1:{controller}
advertised.listeners={advertised}
inter.broker.listener.name=DIRECT
controller.listener.names=CONTROLLER
listener.security.protocol.map={protocols}
log.dirs={folder}/data
auto.create.topics.enable=false
default.replication.factor=3
min.insync.replicas=2
unclean.leader.election.enable=false
offsets.topic.replication.factor=3
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=6000
leader.imbalance.check.interval.seconds=5
leader.imbalance.per.broker.percentage=0
num.network.threads=2
num.io.threads=2
log.segment.bytes=67108864
"""


class Broker(Process):
    """Broker and controller `number`. Listeners: DIRECT, and one for each pair, which names its proxy's port."""

    def __init__(self, number, folder, ports, proxies):
        self.number = number
        self.folder = folder / f"broker{number}"
        self.folder.mkdir()
        self.port = ports["DIRECT"]
        self._controller = ports["CONTROLLER"]
        self._ports = {name: port for name, port in ports.items() if name != "CONTROLLER"}
        self._advertised = {**self._ports, **{pair: proxy.port for pair, proxy in proxies.items()}}
        for pair, proxy in proxies.items():
            proxy.target = ports[pair]
        jars = subprocess.run([LOCAL / "kafka-jars"], capture_output=True, text=True, check=True).stdout.strip()
        self._java = (*JAVA, f"-Dlog4j2.configurationFile={LOCAL}/kafka/log4j2.properties", "-cp", f"{jars}/*")
        self._properties = self.folder / "server.properties"
        super().__init__(f"broker{number}", [*self._java, "kafka.Kafka", self._properties], folder)

    @property
    def vote(self):
        return f"{self.number}@127.0.0.1:{self._controller}"

    def configure(self, voters):
        self._properties.write_text(
            _PROPERTIES.format(
                number=self.number,
                voters=voters,
                controller=self._controller,
                listeners=_listeners(self._ports),
                advertised=_listeners(self._advertised),
                protocols=",".join(f"{name}:PLAINTEXT" for name in ("CONTROLLER", *self._ports)),
                folder=self.folder,
            )
        )

    def format(self):
        command = [*self._java, "kafka.tools.StorageTool", "format", "-t", _new_id(), "-c", self._properties]
        subprocess.run(command, stdout=subprocess.DEVNULL, timeout=120, check=True)

    def format_like(self, other):
        """A copy of the other's empty log under its own names: a JVM less to start."""
        shutil.copytree(other.folder / "data", self.folder / "data")
        names = self.folder / "data/meta.properties"
        own = {"node.id": self.number, "directory.id": _new_id()}
        text = names.read_text()
        for name, value in own.items():
            text = re.sub(rf"(?m)^{re.escape(name)}=.*$", f"{name}={value}", text)
        names.write_text(text)

    def launch(self):
        self._starts_before = self._starts()
        super().start()

    def start(self):
        self.launch()
        self.wait_until_up()

    def wait_until_up(self):
        self.wait_for(lambda: self._starts() > self._starts_before and accepts(self.port), 120, "answering")

    def _starts(self):
        return self.log().count("Kafka Server started")


class Cluster:
    """`pair_proxies`: {pair: [a proxy a broker]}, such as {"PRODUCER": […]}."""

    def __init__(self, folder, pair_proxies, take_port):
        self.brokers = [
            Broker(
                index + 1,
                folder,
                {name: take_port() for name in ("DIRECT", "CONTROLLER", *pair_proxies)},
                {pair: proxies[index] for pair, proxies in pair_proxies.items()},
            )
            for index in range(BROKERS)
        ]
        self.bootstrap_servers = ",".join(f"127.0.0.1:{broker.port}" for broker in self.brokers)
        self._admin = None

    def start(self):
        voters = ",".join(broker.vote for broker in self.brokers)
        for broker in self.brokers:
            broker.configure(voters)
        first, *others = self.brokers
        first.format()
        for broker in others:
            broker.format_like(first)
        for broker in self.brokers:
            broker.launch()
        for broker in self.brokers:
            broker.wait_until_up()
        self._admin = AdminClient({"bootstrap.servers": self.bootstrap_servers, "log_level": 2})

    def is_in_sync(self):
        """Whether every partition has all its replicas, so that it can do without any one broker."""
        with contextlib.suppress(KafkaException):
            topics = self._admin.list_topics(timeout=5).topics.values()
            partitions = [partition for topic in topics for partition in topic.partitions.values()]
            return bool(partitions) and all(
                partition.leader > 0 and len(partition.isrs) == len(partition.replicas) for partition in partitions
            )
        return False

    def end(self):
        """By force: without a majority the last ones would wait to leave in order, and nobody reads their data."""
        for broker in self.brokers:
            if broker.is_running():
                broker.kill()


def _new_id():
    """As Kafka writes UUIDs; never with `-` in front, which would be an option."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_")


def _listeners(ports):
    return ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items())
