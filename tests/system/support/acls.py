"""Rights on a Kafka broker, given over its administration listener.

CreateAcls version 1 by Kafka's protocol guide: the command-line tool would start a JVM for each
right, and Debian's Python clients do not know the request or no longer reach Kafka 4.
"""

import contextlib
import socket
import struct
from typing import NamedTuple

CREATE_ACLS, VERSION = 30, 1
RESOURCES = {"topic": 2, "group": 3, "cluster": 4}
OPERATIONS = {"Read": 3, "Write": 4, "Create": 5, "Delete": 6, "Alter": 7, "Describe": 8}
LITERAL, DENY, ALLOW = 3, 2, 3


class Right(NamedTuple):
    """Such as Right("Read", "group", "reviews-writer")."""

    operation: str
    resource: str
    name: str


def _text(value):
    return struct.pack(">h", len(value)) + value.encode()


def _creation(principal, right, permission):
    return (
        struct.pack(">b", RESOURCES[right.resource])
        + _text(right.name)
        + struct.pack(">b", LITERAL)
        + _text(f"User:{principal}")
        + _text("*")
        + struct.pack(">bb", OPERATIONS[right.operation], permission)
    )


def _ask(port, body):
    request = struct.pack(">hhi", CREATE_ACLS, VERSION, 1) + _text("system-tests") + body
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection, contextlib.closing(
        connection.makefile("rb")
    ) as answers:
        connection.sendall(struct.pack(">i", len(request)) + request)
        (length,) = struct.unpack(">i", answers.read(4))
        return answers.read(length)


def _create(port, creations):
    answer = _ask(port, struct.pack(">i", len(creations)) + b"".join(creations))
    at = struct.calcsize(">iii")  # correlation, throttle time, count
    for _ in creations:
        error, length = struct.unpack_from(">hh", answer, at)
        assert error == 0, f"ACL: expected it created, got error {error}: {answer!r}"
        at += struct.calcsize(">hh") + max(length, 0)


def grant(port, principal, rights):
    """Gives `principal` these rights and takes none away."""
    _create(port, [_creation(principal, right, ALLOW) for right in rights])


def deny(port, principal, right):
    """Takes a right away, whatever grants it."""
    _create(port, [_creation(principal, right, DENY)])
