"""Which fault when: all of it from the seed."""

import random
from dataclasses import dataclass

from .faults import KINDS

GAP_SECONDS = (1.0, 6.0)  # between the beginnings of two faults: they overlap
AT_ONCE = 3


@dataclass(frozen=True)
class Planned:
    number: int
    at: float  # seconds after the begin; later when its lane is not free
    kind: type
    target: str
    seconds: float
    seed: int  # for what the fault itself picks


def plan(seed, seconds=None, count=None, only=None):
    """The faults that begin within `seconds`, or the first `count`.

    Every kind at every pair or program comes once in each round of its own random order; `only`: names of kinds.
    """
    pick = random.Random(seed)
    planned = []
    at = 0.0
    while True:
        for kind, target in _round(pick, only):
            at += pick.uniform(*GAP_SECONDS)
            if (count is not None and len(planned) == count) or (seconds is not None and at > seconds):
                return planned
            held = pick.uniform(*kind.seconds)
            planned.append(Planned(len(planned) + 1, at, kind, target, held, pick.randrange(2**32)))


def _round(pick, only):
    """Each kind once at each subject that it has, such as `broker` or `producer-broker`, one target picked of each."""
    chosen = []
    for kind in KINDS.values():
        if only and kind.name not in only:
            continue
        subjects = {}
        for target in kind.targets():
            subjects.setdefault(target.split()[0], []).append(target)
        chosen += [(kind, pick.choice(targets)) for targets in subjects.values()]
    pick.shuffle(chosen)
    return chosen
