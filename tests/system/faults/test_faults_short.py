"""A few faults of every kind of target under load, from a seed; `run` plays many more."""

import os

from . import schedule, session

SEED = int(os.environ.get("FAULTS_SEED", "287"))
COUNT = 10
LONGEST_SECONDS = 45  # of the part in which faults begin


def test_nothing_acknowledged_is_lost_whatever_is_broken(folder):
    print(f"seed {SEED}")
    planned = schedule.plan(SEED, count=COUNT)

    violations, outcomes = session.run(folder, planned, schedule.AT_ONCE, LONGEST_SECONDS)

    assert not violations, f"seed {SEED}\n" + "\n".join(violations)
    assert len(outcomes) >= 6, f"seed {SEED}: expected 6 faults within {LONGEST_SECONDS} s, got {len(outcomes)}"
