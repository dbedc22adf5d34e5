"""Three Kafka brokers that replicate each other, each behind a proxy for every kind of client."""

import base64
import contextlib
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

    def format(self, cluster_id, voters):
        """Begins to write the empty log; the process that does."""
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
        command = [*self._java, "kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", self._properties]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)

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
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_")
        voters = ",".join(broker.vote for broker in self.brokers)
        for formatting in [broker.format(cluster_id, voters) for broker in self.brokers]:
            assert formatting.wait(60) == 0, "StorageTool: expected 0"
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


def _listeners(ports):
    return ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items())
