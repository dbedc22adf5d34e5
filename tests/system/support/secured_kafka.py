"""A Kafka broker that lets in only whom it knows, and those only as far as their rights go."""

import base64
import subprocess
import uuid

from . import acls
from .places import LOCAL, free_port
from .processes import Process
from .servers import accepts
from .certificates import DAY, Authority

JAVA = ("java", "-Xms128m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

# PLAIN is the test's own: administration, and what the topic holds. Its user is the super user.
PROTOCOLS = {
    "PLAIN": "PLAINTEXT",
    "SCRAM": "SASL_SSL",
    "OAUTH": "SASL_SSL",
    "MUTUAL": "SSL",
    "EXPIRED": "SSL",
    "OTHERHOST": "SSL",
    "CONTROLLER": "PLAINTEXT",
}

_PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{ports[CONTROLLER]}
listeners={listeners}
advertised.listeners={advertised}
inter.broker.listener.name=PLAIN
controller.listener.names=CONTROLLER
listener.security.protocol.map={protocols}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
ssl.keystore.type=PEM
ssl.keystore.location={server}
ssl.truststore.type=PEM
ssl.truststore.location={authority}
ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/
listener.name.mutual.ssl.client.auth=required
listener.name.expired.ssl.keystore.type=PEM
listener.name.expired.ssl.keystore.location={expired}
listener.name.otherhost.ssl.keystore.type=PEM
listener.name.otherhost.ssl.keystore.location={other_host}
listener.name.scram.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.scram.scram-sha-512.sasl.jaas.config={scram} required;
listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER
listener.name.oauth.oauthbearer.sasl.jaas.config={oauth} required;
connection.failed.authentication.delay.ms=10
log.dirs={folder}/data
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=1
num.io.threads=2
log.segment.bytes=67108864
"""

_SECURITY = "org.apache.kafka.common.security"


class SecuredKafkaBroker(Process):
    """Listeners by `PROTOCOLS`; the users of SCRAM and their passwords are `passwords`."""

    def __init__(self, folder, users):
        self.folder = folder / "secured-kafka"
        self.folder.mkdir()
        self.ports = {name: free_port() for name in PROTOCOLS}
        self.passwords = {user: f"made-up-{uuid.uuid4().hex}" for user in users}
        self.authority = Authority(self.folder, "authority")
        self.stranger = Authority(self.folder, "stranger")
        jars = subprocess.run([LOCAL / "kafka-jars"], capture_output=True, text=True, check=True).stdout.strip()
        self._java = (*JAVA, f"-Dlog4j2.configurationFile={LOCAL}/kafka/log4j2.properties", "-cp", f"{jars}/*")
        self._properties = self.folder / "server.properties"
        super().__init__("secured-kafka", [*self._java, "kafka.Kafka", self._properties], self.folder)

    @property
    def bootstrap_servers(self):
        """For the test itself, who may do everything."""
        return f"127.0.0.1:{self.ports['PLAIN']}"

    def start(self):
        self._configure()
        self._format()
        super().start()
        self.wait_for(
            lambda: "Kafka Server started" in self.log() and accepts(self.ports["PLAIN"]), 120, "answering"
        )

    def grant(self, principal, rights):
        acls.grant(self.ports["PLAIN"], principal, rights)

    def deny(self, principal, right):
        acls.deny(self.ports["PLAIN"], principal, right)

    def scram(self, user, password=None):
        """librdkafka's settings for a user, here and in the next two."""
        return self._settings(
            "SCRAM",
            {
                "security.protocol": "SASL_SSL",
                "sasl.mechanisms": "SCRAM-SHA-512",
                "sasl.username": user,
                "sasl.password": password or self.passwords[user],
            },
        )

    def oauth(self, user, more=""):
        """A token that librdkafka makes itself and does not sign (RFC 7515, appendix A.5)."""
        return self._settings(
            "OAUTH",
            {
                "security.protocol": "SASL_SSL",
                "sasl.mechanisms": "OAUTHBEARER",
                "enable.sasl.oauthbearer.unsecure.jwt": "true",
                "sasl.oauthbearer.config": f"principal={user} {more}".strip(),
            },
        )

    def issued(self, user, url, secret):
        """A token that librdkafka fetches from an issuer."""
        return self._settings(
            "OAUTH",
            {
                "security.protocol": "SASL_SSL",
                "sasl.mechanisms": "OAUTHBEARER",
                "sasl.oauthbearer.method": "oidc",
                "sasl.oauthbearer.token.endpoint.url": url,
                "sasl.oauthbearer.client.id": user,
                "sasl.oauthbearer.client.secret": secret,
            },
        )

    def mutual(self, identity, listener="MUTUAL"):
        return self._settings(
            listener,
            {
                "security.protocol": "SSL",
                "ssl.certificate.location": str(identity.certificate),
                "ssl.key.location": str(identity.key),
            },
        )

    def _settings(self, listener, settings):
        return {
            "bootstrap.servers": f"localhost:{self.ports[listener]}",
            "ssl.ca.location": str(self.authority.certificate),
            **settings,
        }

    def _configure(self):
        listeners = {name: f"{name}://{{host}}:{port}" for name, port in self.ports.items()}
        inner = ("PLAIN", "CONTROLLER")
        self._properties.write_text(
            _PROPERTIES.format(
                ports=self.ports,
                listeners=",".join(each.format(host="127.0.0.1") for each in listeners.values()),
                advertised=",".join(
                    each.format(host="127.0.0.1" if name in inner else "localhost")
                    for name, each in listeners.items()
                    if name != "CONTROLLER"
                ),
                protocols=",".join(f"{name}:{protocol}" for name, protocol in PROTOCOLS.items()),
                server=self.authority.server().both,
                authority=self.authority.certificate,
                expired=self.authority.server("expired", valid_for=-DAY).both,
                other_host=self.authority.server("other-host", host="kafka.example").both,
                scram=f"{_SECURITY}.scram.ScramLoginModule",
                oauth=f"{_SECURITY}.oauthbearer.OAuthBearerLoginModule",
                folder=self.folder,
            )
        )

    def _format(self):
        command = [*self._java, "kafka.tools.StorageTool", "format", "--config", self._properties]
        command += ["--cluster-id", base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").lstrip("-")]
        for user, password in self.passwords.items():
            command += ["--add-scram", f"SCRAM-SHA-512=[name={user},password={password}]"]
        subprocess.run(command, stdout=subprocess.DEVNULL, timeout=120, check=True)


def environment(settings):
    """librdkafka's settings as variables of our programs, for every client they have."""
    settings = dict(settings)
    variables = {"REVIEWS_KAFKA_BOOTSTRAP_SERVERS": settings.pop("bootstrap.servers")}
    for name, value in settings.items():
        for table in ("PRODUCER", "CONSUMER"):
            variables[f"REVIEWS_KAFKA_{table}_{name.replace('.', '_').upper()}"] = value
    return variables
