"""Two versions beside each other: a roll under load, in either order and back, loses nothing and fails nobody."""

import os
import subprocess
import warnings

import pytest

from support.places import BUILD, CURRENT, PREVIOUS, PROJECT
from support.posting_clients import PostingClients, Service
from support.waiting import wait_until

REPLICAS = 2
CLIENTS = 12
REVIEWS_A_STEP = 200

pytestmark = pytest.mark.timeout(1100)  # where build/previous is not there yet, it is built first


@pytest.fixture(scope="module", autouse=True)
def previous_programs():
    made = subprocess.run(
        [PROJECT / "tests/system/previous_programs"],
        env={**os.environ, "TEST_BUILD_DIR": str(BUILD)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    warnings.warn(f"previous programs: {made.stdout}", stacklevel=1)


class Deployed:
    """Producers and consumers as Kubernetes replaces them: one at a time, with clients that go on."""

    def __init__(self, stack, release):
        self.stack = stack
        self.service = Service()
        self.producers = [self._started_producer(release) for _ in range(REPLICAS)]
        self.consumers = [stack.started_consumer(f"pod-{ordinal}", release=release) for ordinal in range(REPLICAS)]
        self.acknowledged = {}

    def _started_producer(self, release):
        producer = self.stack.started_producer(release=release)
        self.service.add(producer.port)
        return producer

    def roll(self, order, release):
        """Replaces all under load; after each replica the mixture of the moment takes in and stores reviews."""
        vendors = [f"vendor-{len(self.acknowledged) + number}" for number in range(CLIENTS)]
        with PostingClients(self.service, vendors) as clients:
            self._go_on(clients)
            for kind in order:
                getattr(self, f"_roll_{kind}")(release, clients)
        assert clients.failures == []
        assert clients.retried, "clients: expected to meet a producer that ends, and to try again"
        self.acknowledged |= clients.acknowledged
        return clients

    def _roll_producers(self, release, clients):
        """As a Deployment does, a new one is ready before an old one is asked to end; worse than it does, clients are
        still sent to the old one until it has ended.
        """
        for replica, old in enumerate(self.producers):
            self.producers[replica] = self._started_producer(release)
            assert old.stop() == 0
            self.service.remove(old.port)
            self._go_on(clients)

    def _roll_consumers(self, release, clients):
        """As a StatefulSet does: the last first, and the new one has the old one's name."""
        for ordinal in reversed(range(REPLICAS)):
            assert self.consumers[ordinal].stop() == 0
            self.consumers[ordinal] = self.stack.started_consumer(f"pod-{ordinal}", release=release)
            self._go_on(clients)

    def _go_on(self, clients):
        acknowledged, stored = clients.count(), self.stack.database.review_count()
        wait_until(lambda: clients.count() >= acknowledged + REVIEWS_A_STEP, 60, "load: more acknowledged")
        wait_until(
            lambda: self.stack.database.review_count() >= stored + REVIEWS_A_STEP, 60, "load: more stored"
        )

    def assert_nothing_lost(self):
        """Both versions find everything right, each vendor's reviews are stored in order, none is a dead letter."""
        self.stack.wait_until_caught_up()
        for release in (PREVIOUS, CURRENT):
            self.stack.reviewctl_ok("verify", release=release)
        for vendor, review_ids in self.acknowledged.items():
            assert [str(row["review_id"]) for row in self.stack.database.reviews_of(vendor)] == review_ids, vendor
        assert sum(self.stack.dead_letters.end_offsets().values()) == 0


def expand(database):
    """A migration to come: what every version of this hundred, and of the one before, must live with."""
    database.execute(
        """alter table reviews add column language text;
           insert into schema_migrations (version) select max(version) + 1 from schema_migrations"""
    )


@pytest.mark.parametrize("order", [("producers", "consumers"), ("consumers", "producers")], ids="-then-".join)
def test_a_roll_and_back(order, bare_stack):
    bare_stack.set_up(release=PREVIOUS)
    deployed = Deployed(bare_stack, PREVIOUS)

    bare_stack.set_up(release=CURRENT)
    expand(bare_stack.database)
    forward = deployed.roll(order, CURRENT)
    deployed.assert_nothing_lost()

    back = deployed.roll(order, PREVIOUS)
    deployed.assert_nothing_lost()

    for way, clients in (("forward", forward), ("back", back)):
        print(f"{way}: {clients.count()} acknowledged, tried again: {dict(clients.retried)}")
