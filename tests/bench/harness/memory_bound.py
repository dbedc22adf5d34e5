"""The most memory the programs may take, computed from their configuration.

Everything that grows with load has a setting; what is left is a base that does not grow.
"""

import re

KIB, MIB = 1024, 1024 * 1024

# The program, its libraries, thread stacks, connections to the servers, metrics.
BASE = 40 * MIB
# A record in librdkafka's queue beside its bytes: operation, message, headers.
QUEUED_RECORD = 512
# A review with next to no text, as JSON.
SMALLEST_RECORD = 200
# A record decoded or in flight beside its bytes: strings, promises, places in tables.
HELD_RECORD = 1 * KIB
# Buffers of an HTTP connection and its session.
CONNECTION = 24 * KIB
# How often the bytes of a review exist at once on their way: body, record, librdkafka's message and request.
PRODUCER_COPIES = 3
# As rows, as the statement's arrays, in libpq's buffer.
BATCH_COPIES = 4


def settings_of(program):
    """The running program's configuration: {"table.key": number or text}."""
    found, table = {}, ""
    for line in program.manage("/config").body.decode().splitlines():
        if match := re.match(r"\[(.+)\]", line):
            table = match[1]
        elif match := re.match(r'("?[\w.-]+"?) = ([^#]+)', line):
            found[f"{table}.{match[1].strip(chr(34))}"] = _value(match[2].strip())
    return found


def _value(text):
    text = text.strip('"')
    if match := re.fullmatch(r"(\d+)(B|KiB|MiB|GiB)?", text):
        return int(match[1]) * {None: 1, "B": 1, "KiB": KIB, "MiB": MIB, "GiB": 1024 * MIB}[match[2]]
    return text


def of_producer(settings, connections):
    return {
        "base": BASE,
        "reviews in flight": settings["backpressure.in-flight-bytes-max"] * PRODUCER_COPIES
        + settings["backpressure.in-flight-reviews-max"] * HELD_RECORD,
        "bodies and answers under way": 2 * settings["http.bodies-bytes-max"],
        f"{connections} connections": connections * CONNECTION,
    }


def of_consumer(settings, partitions):
    """For records that are reviews. A partition's queue in librdkafka is full or not when a fetch begins, and holds
    one fetch more then, here as large as its records; a compressed one unpacks to more."""
    records_max = settings["backpressure.partition-records-max"]
    bytes_max = settings["backpressure.partition-bytes-max"]
    fetch = min(bytes_max, MIB)
    return {
        "base": BASE,
        f"librdkafka's queues of {partitions} partitions": partitions
        * (bytes_max + fetch + (records_max + fetch // SMALLEST_RECORD) * QUEUED_RECORD),
        "fetches under way": 2 * 8 * MIB,
        f"decoded records of {partitions} partitions": partitions * (2 * bytes_max + records_max * HELD_RECORD),
        f"batches of {settings['pool.writers']} writers": settings["pool.writers"]
        * settings["batch.bytes-max"]
        * BATCH_COPIES,
    }
