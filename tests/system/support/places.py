"""Where things are."""

import functools
import os
import pathlib
import random
import socket
import subprocess
from dataclasses import dataclass

PROJECT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("TEST_BUILD_DIR", PROJECT / "build/release"))
LOCAL = PROJECT / "deploy/local"


@dataclass(frozen=True)
class Release:
    """Where the programs of one version are, and its configuration files."""

    build: pathlib.Path
    config: pathlib.Path


CURRENT = Release(BUILD, PROJECT / "config")
PREVIOUS = Release(PROJECT / "build/previous/build/release", PROJECT / "build/previous/config")


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True


_reservations = []


def _reserve(port):
    """Keeps other test runs off a port until this one ends: by a name in Linux's abstract namespace (unix(7))."""
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0reviews-test-port-{port}")
    except OSError:
        name.close()
        return False
    _reservations.append(name)
    return True


def free_port():
    """A free port below those that the kernel gives to clients, so that it stays free.

    Below 22000 too, so that Kafka's controller port (10000 higher) is as safe.
    """
    for port in random.SystemRandom().sample(range(12000, 22000), 1000):
        if _reserve(port) and _is_free(port) and _is_free(port + 10000):
            return port
    raise AssertionError("ports: expected a free one among 1000, got none")


@functools.cache
def tool(name):
    """The path of a program from requirements.txt."""
    done = subprocess.run(
        [PROJECT / "tests/tools", "system"], stdout=subprocess.PIPE, text=True, timeout=280, check=True
    )
    return pathlib.Path(done.stdout.strip(), name)
