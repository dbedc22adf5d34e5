"""Each fault: what it does, to whom, what it may hinder meanwhile."""

import signal
import time

from support.waiting import wait_until

from .stage import REGULARS

SESSION_SECONDS = 6  # kafka.consumer."session.timeout.ms"
DRAIN_SECONDS = 30  # shutdown.drain-timeout and a little


class Fault:
    """One fault at one target. `start` breaks, `hold` waits, `end` mends and returns once mended."""

    name = ""
    about = ""
    seconds = (1.0, 4.0)  # how long it is held, at least and at most
    hinders = frozenset({"ready", "accept", "store"})  # what may be missing while it lasts
    needs_all_brokers = False

    def __init__(self, stage, target, pick):
        self.stage = stage
        self.target = target
        self.pick = pick  # random.Random

    @classmethod
    def targets(cls):
        return [cls.name]

    def lane(self):
        """Two faults of one lane never overlap."""
        return self.target

    def start(self):
        raise NotImplementedError

    def hold(self, seconds, is_over):
        is_over.wait(seconds)

    def end(self):
        raise NotImplementedError


class _OfProgram(Fault):
    @classmethod
    def targets(cls):
        return ["producer", *(f"consumer {name}" for name in REGULARS)]

    @property
    def program(self):
        return self.stage.regulars()[self.target]


class Kill(_OfProgram):
    name = "kill"
    about = "kill -9, started again"
    seconds = (0.1, 3.0)

    def start(self):
        self.stage.absent.add(self.program)
        self.program.kill()

    def end(self):
        self.program.launch()
        self.stage.absent.discard(self.program)


class Terminate(_OfProgram):
    name = "term"
    about = "SIGTERM under load: must exit 0 within its time; started again"
    seconds = (0.1, 3.0)

    def start(self):
        self.stage.absent.add(self.program)
        status = self.program.stop(DRAIN_SECONDS)
        assert status == 0, f"{self.target}: expected exit status 0 after SIGTERM, got {status}"

    def end(self):
        if not self.program.is_running():
            self.program.launch()
        self.stage.absent.discard(self.program)


class Pause(_OfProgram):
    name = "pause"
    about = "SIGSTOP, shorter than the session; SIGCONT"

    def start(self):
        self.program.send(signal.SIGSTOP)

    def end(self):
        self.program.send(signal.SIGCONT)


class Zombie(Pause):
    name = "zombie"
    about = "a consumer stopped longer than its session and woken: what it held is somebody else's"
    seconds = (SESSION_SECONDS + 2.0, SESSION_SECONDS + 4.0)

    @classmethod
    def targets(cls):
        return [f"consumer {name}" for name in REGULARS]


class Join(Fault):
    name = "join"
    about = "one more consumer joins, works and leaves"
    seconds = (2.0, 6.0)
    hinders = frozenset({"store"})

    @classmethod
    def targets(cls):
        return ["consumer three"]

    def start(self):
        self.stage.consumers["three"].start()

    def end(self):
        status = self.stage.consumers["three"].stop(DRAIN_SECONDS)
        assert status in (0, None), f"consumer three: expected exit status 0, got {status}"


class _OfBroker(Fault):
    needs_all_brokers = True

    @classmethod
    def targets(cls):
        return ["broker 1", "broker 2", "broker 3"]

    def lane(self):
        return "broker"

    @property
    def broker(self):
        return self.stage.cluster.brokers[int(self.target.split()[1]) - 1]

    def end(self):
        self.broker.start()


class BrokerKill(_OfBroker):
    name = "broker_kill"
    about = "kill -9 of one of three brokers, started again"

    def start(self):
        self.broker.kill()


class BrokerTerminate(_OfBroker):
    name = "broker_term"
    about = "SIGTERM of one of three brokers, started again"

    def start(self):
        self.broker.stop()


class BrokerPause(_OfBroker):
    name = "broker_pause"
    about = "SIGSTOP of one of three brokers; SIGCONT"
    seconds = (2.0, 8.0)

    def start(self):
        self.broker.send(signal.SIGSTOP)

    def end(self):
        self.broker.send(signal.SIGCONT)


class _OfPostgres(Fault):
    hinders = frozenset({"ready", "store"})

    @classmethod
    def targets(cls):
        return ["postgres"]

    @property
    def postgres(self):
        return self.stage.postgres


class PostgresKill(_OfPostgres):
    name = "postgres_kill"
    about = "kill -9 of the postmaster, started again"

    def start(self):
        self.postgres.kill()

    def end(self):
        self.postgres.start()


class PostgresTerminate(PostgresKill):
    name = "postgres_term"
    about = "SIGTERM of the postmaster (lets nobody new in), then SIGINT; started again"

    def start(self):
        self.postgres.shut_down_slowly(self.pick.uniform(0.5, 2.0))


class PostgresPause(_OfPostgres):
    name = "postgres_pause"
    about = "SIGSTOP of the postmaster and its backends; SIGCONT"
    seconds = (1.0, 6.0)

    def start(self):
        self.postgres.signal_all(signal.SIGSTOP)

    def end(self):
        self.postgres.signal_all(signal.SIGCONT)


class BackendTerminate(_OfPostgres):
    name = "backend_term"
    about = "pg_terminate_backend of single sessions, again and again"

    def start(self):
        self.postgres.terminate_backend()

    def hold(self, seconds, is_over):
        until = time.time() + seconds
        while time.time() < until and not is_over.wait(self.pick.uniform(0.05, 0.4)):
            self.postgres.terminate_backend()

    def end(self):
        pass


class DiskFull(_OfPostgres):
    name = "disk_full"
    about = "no room for Postgres (SQLSTATE 53100) until it has said so and a while longer"

    def start(self):
        said_before = self.postgres.disk_full_count()
        self.stage.disk.fill(self.postgres)
        wait_until(lambda: self.postgres.disk_full_count() > said_before, 30, "postgres: 53100, disk full")

    def end(self):
        self.stage.disk.free(self.postgres)


class _OfWire(Fault):
    @classmethod
    def targets(cls):
        with_brokers = [
            f"{pair} {which}" for pair in ("producer-broker", "consumer-broker") for which in ("all", 1, 2, 3)
        ]
        return ["client-producer", "consumer-postgres", *with_brokers]

    def lane(self):
        return self.target.split()[0]

    @property
    def hinders(self):
        return frozenset({"accept"} if "producer" in self.target else {"ready", "store"})

    @property
    def proxies(self):
        """Of a pair with brokers, all three or one."""
        pair, *which = self.target.split()
        proxies = self.stage.wires[pair]
        return proxies if which in ([], ["all"]) else [proxies[int(which[0]) - 1]]

    def start(self):
        for proxy in self.proxies:
            self.break_wire(proxy)

    def break_wire(self, proxy):
        raise NotImplementedError

    def end(self):
        for proxy in self.proxies:
            proxy.heal()


class Cut(_OfWire):
    name = "cut"
    about = "every connection of a pair reset, new ones refused"
    seconds = (0.1, 3.0)

    def break_wire(self, proxy):
        proxy.cut()


class Slow(_OfWire):
    name = "slow"
    about = "a pair's connections slowed to 50 to 300 ms and 64 to 512 KiB/s a piece"
    seconds = (2.0, 6.0)

    def break_wire(self, proxy):
        proxy.slow(self.pick.uniform(0.05, 0.3), self.pick.uniform(64, 512) * 1024)


class BlackHole(_OfWire):
    name = "black_hole"
    about = "a pair's connections stay and nothing comes through"
    seconds = (1.0, 7.0)

    def break_wire(self, proxy):
        proxy.black_hole()


KINDS = {
    kind.name: kind
    for kind in (
        *(Kill, Terminate, Pause, Zombie, Join),
        *(BrokerKill, BrokerTerminate, BrokerPause),
        *(PostgresKill, PostgresTerminate, PostgresPause, BackendTerminate, DiskFull),
        *(Cut, Slow, BlackHole),
    )
}
