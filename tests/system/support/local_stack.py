"""A stack of deploy/local/up with a state folder and ports of its own."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from .database import Database
from .http_client import Client, ReviewClient
from .metrics import parse, total
from .places import LOCAL, free_port
from .waiting import wait_until

REVIEW = {"vendor_id": "cafe-uno", "author": "Ada", "rating": 5, "text": "great"}
PORTS = (
    "LOCAL_HTTP_PORT",
    "LOCAL_PRODUCER_MANAGEMENT_PORT",
    "LOCAL_CONSUMER_MANAGEMENT_PORT",
    "LOCAL_KAFKA_PORT",
    "LOCAL_POSTGRES_PORT",
)
PROCESSES = ("reviews-producer", "reviews-consumer", "kafka", "postgres")


class LocalStack:
    """Not yet started; `name` is that of its state folder."""

    def __init__(self, name="state folder"):
        self._home = pathlib.Path(tempfile.mkdtemp(prefix="reviews-local-"))
        self._home.chmod(0o755)
        self.folder = self._home / name
        self.ports = {name: free_port() for name in PORTS}
        self.environment = {**{name: str(port) for name, port in self.ports.items()}}
        self.environment["LOCAL_STATE_DIR"] = str(self.folder)
        self._children = []

    def begin(self, command, *arguments):
        """Starts up or down in a process group of its own, as a terminal does."""
        child = subprocess.Popen(
            [str(LOCAL / command), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **self.environment},
            start_new_session=True,
        )
        self._children.append(child)
        return child

    def run(self, command, *arguments, seconds=240):
        """Runs up or down to its end: (exit status, output)."""
        child = self.begin(command, *arguments)
        output, _ = child.communicate(timeout=seconds)
        return child.returncode, output

    def up(self):
        status, output = self.run("up", "--detach")
        assert status == 0, output
        return output

    def down(self, *arguments):
        status, output = self.run("down", *arguments)
        assert status == 0, output

    def pid(self, process):
        """From its pid file; None when there is none."""
        path = self.folder / f"run/{process}.pid"
        return int(path.read_text().split()[0]) if path.exists() and path.read_text() else None

    def pids(self):
        return [self.pid(process) for process in PROCESSES]

    def leftovers(self):
        """What of this stack still runs or listens."""
        mark = f"LOCAL_STATE_DIR={self.folder}\0".encode()
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_bytes())
            except OSError:
                continue
        return found + [name for name, port in self.ports.items() if _listens(port)]

    def expect_nothing_left(self):
        """The filters of a command's output may end a moment after the command itself."""
        wait_until(lambda: not self.leftovers(), 5, "nothing of the stack left")

    def database(self):
        password = (self.folder / "postgres.password").read_text().strip()
        return Database(f"postgresql://reviews:{password}@127.0.0.1:{self.ports['LOCAL_POSTGRES_PORT']}/reviews")

    def stored_count(self):
        """Reviews that this stack's consumer has stored."""
        with Client(self.ports["LOCAL_CONSUMER_MANAGEMENT_PORT"]) as client:
            return total(parse(client.get("/metrics").body.decode()), "reviews_stored_total")

    def consumer_log(self):
        return (self.folder / "log/reviews-consumer.log").read_text()

    def post(self, vendor_id=REVIEW["vendor_id"]):
        with ReviewClient(self.ports["LOCAL_HTTP_PORT"]) as client:
            answer = client.post({**REVIEW, "vendor_id": vendor_id})
        assert answer.status == 202, answer
        return answer.json()

    def end(self):
        for child in self._children:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
                child.communicate(timeout=120)
        self.run("down", "--purge")
        shutil.rmtree(self._home)


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
