"""Fixtures: a real Kafka and a real Postgres a test file, topics and a database a test."""

import pathlib
import shutil
import signal
import tempfile
import threading

import pytest

from .servers import KafkaBroker, PostgresServer
from .stack import Stack


_ended = threading.Event()


def _end(number, frame):
    _ended.set()
    signal.default_int_handler(number, frame)


def pytest_configure():
    """SIGTERM ends a run as Ctrl-C does, by way of its finalisers, and soon: no server stays behind."""
    signal.signal(signal.SIGTERM, _end)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """A failure shows the end of every program's log."""
    report = (yield).get_result()
    stack = item.funcargs.get("stack") or item.funcargs.get("bare_stack")
    if report.failed and stack is not None:
        report.sections.append(("logs of the programs", stack.logs()))


@pytest.fixture(scope="session")
def folder():
    """A folder that Postgres's own user can reach, too."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="reviews-system-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def kafka(folder):
    broker = KafkaBroker(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.end()


@pytest.fixture(scope="session")
def postgres(folder):
    server = PostgresServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.end()


@pytest.fixture
def bare_stack(kafka, postgres, folder):
    """Names for topics and a database; nothing is in them."""
    stack = Stack(kafka, postgres, folder)
    try:
        yield stack
    finally:
        stack.end()


@pytest.fixture
def unverified_stack(bare_stack):
    """Topics and schema, for tests that break what is always true."""
    bare_stack.set_up()
    return bare_stack


@pytest.fixture
def stack(bare_stack):
    """Topics and schema; what is always true holds when the test is over."""
    bare_stack.set_up()
    yield bare_stack
    if not _ended.is_set():
        bare_stack.verify()
