"""What the project wants to reach, and how far each run came."""

import statistics
from dataclasses import dataclass
from typing import Callable

from . import connection_runs, consumer_runs, growth_runs, producer_runs, restart_runs

CPU, RATE, MEMORY = "cpu_seconds_per_million", "reviews_per_second", "rss_mib"


@dataclass(frozen=True)
class Target:
    """`values` reads one figure a repetition from the results; none where nothing was measured."""

    what: str
    limit: float
    values: Callable
    is_floor: bool = False  # the limit is the least, not the most
    unit: str = ""
    digits: int = 2

    def text(self):
        return f"{'≥' if self.is_floor else '≤'} {self.limit:g}{self.unit}"

    def is_held_by(self, value):
        return value >= self.limit if self.is_floor else value <= self.limit

    def verdict(self, values):
        """By the median; says so when not every repetition agrees."""
        word = "held" if self.is_held_by(statistics.median(values)) else "missed"
        return word if len({self.is_held_by(each) for each in values}) == 1 else f"{word} by the median"


def _ratio(case, subject, reference, measure):
    return lambda results: results.ratios(case, subject, reference, measure)


def _value(case, subject, measure):
    return lambda results: results.values(case, subject, measure)


def _p99_over_p50(case, subject):
    def values(results):
        pairs = zip(results.values(case, subject, "p99_ms"), results.values(case, subject, "p50_ms"), strict=True)
        return [p99 / p50 for p99, p50 in pairs]

    return values


def _growth(case):
    """The most that any size costs, over the first size, repetition by repetition."""

    def values(results):
        first, *others = results.subjects(case) or [None]
        ratios = [results.ratios(case, other, first, CPU) for other in others]
        return [max(of_one_repetition) for of_one_repetition in zip(*ratios, strict=False)]

    return values


_P, _C = producer_runs, consumer_runs
TARGETS = (
    Target("CPU a review over direct, 64 connections", 1.0, _ratio(_P.CASE_64, _P.OURS, _P.DIRECT, CPU)),
    Target("CPU a review over direct, 256 connections", 1.0, _ratio(_P.CASE_256, _P.OURS, _P.DIRECT, CPU)),
    Target("reviews/s over direct, 64 connections", 1.0, _ratio(_P.CASE_64, _P.OURS, _P.DIRECT, RATE), True),
    Target("reviews/s over direct, 256 connections", 1.1, _ratio(_P.CASE_256, _P.OURS, _P.DIRECT, RATE), True),
    Target("p50 of one connection over direct, linger 0", 1.1, _ratio(_P.CASE_1, _P.OURS, _P.DIRECT_AT_ONCE, "p50_ms")),
    Target("CPU a review over direct, 100 a request", 1.0, _ratio(_P.CASE_BATCH, _P.OURS, _P.DIRECT, CPU)),
    Target("p99 over p50, open loop at half the peak", 5, _p99_over_p50(_P.CASE_OPEN, _P.OURS), digits=1),
    Target("consumer's CPU a record over direct", 1.0, _ratio(_C.CASE, _C.OURS, _C.DIRECT, CPU)),
    Target(
        "drain over the transaction alone by COPY, 2 conn.",
        0.9,
        _ratio(_C.CASE, _C.OURS, _C.SQL.format(2), "rows_per_second"),
        True,
    ),
    Target(
        "drain over the transaction alone by COPY, 1 conn.",
        0.9,
        _ratio(_C.CASE, _C.OURS_ONE_WRITER, _C.SQL.format(1), "rows_per_second"),
        True,
    ),
    Target(
        "drain with two writers over one", 1.4, _ratio(_C.CASE, _C.OURS, _C.OURS_ONE_WRITER, "rows_per_second"), True
    ),
    Target(
        "kill -9 to the first new row, same replica",
        1,
        _value(restart_runs.CASE, restart_runs.SAME, "first_row_seconds"),
        unit=" s",
    ),
    Target(
        "kill -9 until another has taken over",
        7,
        _value(restart_runs.CASE, restart_runs.ANOTHER, "all_partitions_seconds"),
        unit=" s",
    ),
    Target(
        "producer's memory, 256 connections", 64, _value(_P.CASE_256, _P.OURS, MEMORY), unit=" MiB", digits=0
    ),
    Target(
        "producer's memory, 10,000 idle connections",
        256,
        _value(connection_runs.CASE, connection_runs.POSTED, MEMORY),
        unit=" MiB",
        digits=0,
    ),
    Target(
        "consumer's peak memory in the drain", 128, _value(_C.CASE, _C.OURS, "peak_rss_mib"), unit=" MiB", digits=0
    ),
    *(Target(f"CPU, {case}", 1.1, _growth(case)) for case in growth_runs.CASES),
)


def judged(results):
    """Every target that something was measured for: what, target, limit, values and verdict, fit for JSON."""
    found = []
    for target in TARGETS:
        if values := target.values(results):
            found.append(
                {
                    "what": target.what,
                    "target": target.text(),
                    "limit": target.limit,
                    "is_floor": target.is_floor,
                    "unit": target.unit,
                    "digits": target.digits,
                    "values": values,
                    "verdict": target.verdict(values),
                }
            )
    return found
