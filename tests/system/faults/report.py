"""What a run prints."""

import collections

from .faults import KINDS
from .runner import ABILITIES


def _answers(seen):
    return " ".join(f"{status}:{count}" for status, count in sorted(seen.items())) or "-"


def _seconds(took, ability):
    return f"{took[ability]:5.1f}" if ability in took else "    -"


HEADER = (
    f"{'at':>6} {'#':>4} {'fault':<14} {'target':<19} {'held':>5}   "
    f"{'ready':>5} {'202':>5} {'stored':>6}  seen by clients"
)


def line_of(outcome, began):
    """One fault: seconds it lasted, seconds from its end until ready, every partition acknowledging, and what
    had been acknowledged stored."""
    each = outcome.planned
    ready, accept, store = (_seconds(outcome.took, ability) for ability in ABILITIES)
    others = " with " + " ".join(f"#{number}" for number in sorted(outcome.overlapped)) if outcome.overlapped else ""
    return (
        f"{outcome.began - began:6.1f} {each.number:>4} {each.kind.name:<14} {each.target:<19} "
        f"{outcome.ended - outcome.began:5.1f}   {ready} {accept} {store:>6}  {_answers(outcome.seen)}{others}"
    )


def summary_of(outcomes):
    """One line a kind of fault and subject; seconds are the median and the longest."""
    groups = collections.defaultdict(list)
    for outcome in outcomes:
        groups[outcome.planned.kind.name, outcome.planned.target.split()[0]].append(outcome)
    lines = [
        f"{'fault':<14} {'of':<17} {'n':>3} {'held':>10} {'ready':>11} {'202':>11} {'stored':>11}  seen by clients"
    ]
    for (name, subject), group in sorted(groups.items()):
        seen = collections.Counter()
        for outcome in group:
            seen.update(outcome.seen)
        held = _range([outcome.ended - outcome.began for outcome in group])
        took = [_range([o.took[ability] for o in group if ability in o.took]) for ability in ABILITIES]
        lines.append(
            f"{name:<14} {subject:<17} {len(group):>3} {held:>10} "
            + " ".join(f"{each:>11}" for each in took)
            + f"  {_answers(seen)}"
        )
    return "\n".join(lines)


def _range(numbers):
    if not numbers:
        return "-"
    ordered = sorted(numbers)
    return f"{ordered[len(ordered) // 2]:.1f} / {ordered[-1]:.1f}"


def list_of_kinds():
    return "\n".join(f"{kind.name:<15} {kind.about}" for kind in KINDS.values())
