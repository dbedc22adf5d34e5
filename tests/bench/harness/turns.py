"""Programs or settings beside each other, in many short runs in turns: for differences of a few per cent."""

import math
import pathlib
import statistics
from dataclasses import dataclass, field

from support.places import CURRENT, Release

from .drain import drain
from .results import check_all_accepted, rotated
from .usage import cpu_seconds

TOPIC = "bench.turns"
WARM_UP_SECONDS = 1  # of bench_load, before it measures


@dataclass
class Subject:
    """A program of ours, as `NAME[@BUILD_DIR][,VARIABLE=VALUE]...` names it."""

    name: str
    release: Release = CURRENT
    environment: dict = field(default_factory=dict)

    @classmethod
    def parse(cls, text):
        where, *settings = text.split(",")
        name, _, build = where.partition("@")
        bad = [each for each in settings if "=" not in each]
        if not name or bad:
            raise ValueError(f"expected NAME[@BUILD_DIR][,VARIABLE=VALUE]..., got {text!r}")
        release = Release(pathlib.Path(build).resolve(), CURRENT.config) if build else CURRENT
        return cls(name, release, dict(each.split("=", 1) for each in settings))


def post_in_turns(stage, subjects, runs, seconds, load, direct_linger, say):
    """{name: [measures a run]} of producers; with a linger, the one written by hand is one of them and comes first."""
    stage.create_topic(TOPIC)
    servers = {}
    if direct_linger is not None:
        kafka = ("--bootstrap", stage.kafka.bootstrap_servers, "--topic", TOPIC)
        servers["direct"] = stage.server("direct", "direct_producer", *kafka, "--linger", direct_linger)
    for each in subjects:
        servers[each.name] = stage.producer(TOPIC, each.release, **each.environment)

    def measure(server, for_seconds):
        broker_before = cpu_seconds(stage.kafka.pid)
        run = stage.floor("bench_load", port=server.port, pid=server.pid, seconds=for_seconds, **load)
        check_all_accepted(server.name, run)
        broker = (cpu_seconds(stage.kafka.pid) - broker_before) * for_seconds / (for_seconds + WARM_UP_SECONDS)
        return {
            "CPU s/M": run["server_cpu_seconds"] / run["count"] * 1e6,
            "the broker's CPU s/M": broker / run["count"] * 1e6,
            "reviews/s": run["count"] / run["seconds"],
            "p50 ms": run["p50_ms"],
            "p99 ms": run["p99_ms"],
        }

    for server in servers.values():  # the broker compiles its hot path meanwhile
        measure(server, 2)
    return _in_turns(list(servers), runs, lambda name: measure(servers[name], seconds), say)


def drain_in_turns(stage, subjects, runs, records, say):
    """As post_in_turns, of consumers that drain a backlog."""
    stage.create_topic(TOPIC)
    stage.write_backlog(TOPIC, records)
    by_name = {each.name: each for each in subjects}
    numbers = iter(range(runs * len(subjects)))

    def measure(name):
        subject = by_name[name]
        with stage.database(f"turns_{next(numbers)}", TOPIC) as database:
            run = drain(stage, TOPIC, database, records, release=subject.release, **subject.environment)
        return {
            "CPU s/M": run.cpu_seconds / records * 1e6,
            "Postgres' CPU s/M": run.postgres_cpu_seconds / records * 1e6,
            "rows/s from start": records / run.seconds,
            "peak RSS MiB": run.peak_rss_bytes / 2**20,
        }

    return _in_turns(list(by_name), runs, measure, say)


def _in_turns(names, runs, measure, say):
    found = {name: [] for name in names}
    for number in range(runs):
        say(f"run {number + 1} of {runs}")
        for name in rotated(names, number):
            found[name].append(measure(name))
    return found


def table(found):
    """Medians of each, then those of the ratios to the first one's run of the same turn, with their standard error."""
    (first, references), *others = found.items()
    measures = list(references[0])
    lines = ["| | " + " | ".join(measures) + " |", "|---" * (len(measures) + 1) + "|"]
    for name, runs in found.items():
        cells = [f"{statistics.median(run[measure] for run in runs):,.2f}" for measure in measures]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    for name, runs in others:
        pairs = list(zip(runs, references, strict=True))
        cells = [_median_and_error([mine[each] / theirs[each] for mine, theirs in pairs]) for each in measures]
        lines.append(f"| {name} / {first} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _median_and_error(values):
    """The error is that of a median of values spread as Gauss has it: sqrt(pi / 2) times that of their mean."""
    median = f"{statistics.median(values):.3f}"
    if len(values) == 1:
        return median
    return f"{median} ± {math.sqrt(math.pi / 2) * statistics.stdev(values) / math.sqrt(len(values)):.3f}"
