"""The programs under test as processes."""

import contextlib
import itertools
import json
import os
import signal
import subprocess

from . import metrics
from .config_file import ConfigFile
from .http_client import Client, ReviewClient, in_parallel
from .places import CURRENT, free_port
from .processes import Process

_numbers = itertools.count(1)


class Program(Process):
    """One run of `reviews-producer` or `reviews-consumer` with its management port."""

    def __init__(self, program, folder, environment, release=CURRENT):
        self.management_port = free_port()
        name = f"{program}-{next(_numbers)}"
        self.config = ConfigFile(
            folder / f"{name}.toml", release.config / f"{program.removeprefix('reviews-')}.toml"
        )
        super().__init__(
            name,
            [release.build / program, "--config", self.config.path],
            folder,
            {**environment, "REVIEWS_MANAGEMENT_PORT": str(self.management_port)},
        )

    def manage(self, target):
        with Client(self.management_port) as client:
            return client.get(target)

    def is_ready(self):
        with contextlib.suppress(OSError):
            return self.manage("/readyz").status == 200
        return False

    def start(self):
        """Starts it and waits until it is ready."""
        self.launch()
        self.wait_for(self.is_ready, 60, "ready")

    def launch(self):
        """Starts it, and waits for nothing."""
        super().start()

    def events(self, name):
        """What it has logged under that name, as dictionaries."""
        lines = [line for line in self.log().splitlines() if f'"{name}"' in line]
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def reload(self, keys):
        """Changes its file, sends SIGHUP and waits until the change is in force; returns the event."""
        count = len(self.events("config_reloaded"))
        self.config.set(keys)
        self.send(signal.SIGHUP)
        self.wait_for(lambda: len(self.events("config_reloaded")) > count, 60, "reloaded")
        return self.events("config_reloaded")[-1]

    def pools(self):
        """{pool: actors that run}, as /actors has it."""
        return self.manage("/actors").json()["pools"]

    def metric(self, name, **labels):
        return metrics.total(metrics.parse(self.manage("/metrics").body.decode()), name, **labels)


class Producer(Program):
    def __init__(self, folder, environment, release=CURRENT):
        self.port = free_port()
        own_port = {"REVIEWS_HTTP_PORT": str(self.port)}
        super().__init__("reviews-producer", folder, {**environment, **own_port}, release)

    def client(self):
        return ReviewClient(self.port)

    def post_all(self, hands):
        """Posts each list of reviews over a connection of its own, one after the other: receipts by list.

        Fails on any answer but 202.
        """

        def post_hand(hand):
            receipts = []
            with self.client() as client:
                for review in hand:
                    answer = client.post(review)
                    assert answer.status == 202, answer
                    receipts.append(answer.json())
            return receipts

        return in_parallel(post_hand, hands)

    def post_all_in_batches(self, hands, lines_max):
        """As post_all, but in batches of up to `lines_max` lines."""

        def post_hand(hand):
            receipts = []
            with self.client() as client:
                for begin in range(0, len(hand), lines_max):
                    lines = hand[begin : begin + lines_max]
                    answer = client.post_batch(lines)
                    assert answer.status == 202, answer
                    report = answer.json()
                    assert (report["accepted"], report["rejected"]) == (len(lines), 0)
                    receipts.extend(report["results"])
            return receipts

        return in_parallel(post_hand, hands)


class Consumer(Program):
    def __init__(self, folder, environment, release=CURRENT):
        super().__init__("reviews-consumer", folder, environment, release)


def run_program(program, *arguments, environment=None, seconds=120, release=CURRENT):
    """Runs a program to its end and returns it: returncode, stdout, stderr."""
    return subprocess.run(
        [str(release.build / program), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
        env={**os.environ, **(environment or {})},
    )
