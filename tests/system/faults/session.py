"""One run from servers to verdict."""

import time

from . import report
from .checker import check
from .faults import SESSION_SECONDS, Zombie
from .load import Ledger, Load
from .runner import Runner
from .stage import Stage
from .watch import Watch


def run(folder, planned, at_once, seconds=None):
    """Plays the plan under load; returns (violations, outcomes). `seconds`: none begins later than that."""
    _say(f"starting three brokers, Postgres and the programs; logs in {folder}")
    stage = Stage(folder)
    try:
        stage.start_programs()
        return _run_on(stage, planned, at_once, seconds)
    finally:
        stage.end()


def _run_on(stage, planned, at_once, seconds):
    _say(f"full disk: {stage.disk}\n\n{report.HEADER}")
    began = time.time()
    ledger = Ledger()
    watch = Watch(stage, ledger)
    load = Load(stage.client_port, ledger)
    runner = Runner(stage, watch, ledger, at_once, lambda outcome: _say(report.line_of(outcome, began)))
    try:
        runner.run(planned, seconds and began + seconds)
    finally:
        stage.heal()
        unacknowledged = load.finish()
        watch.end()
    _say(f"\n{report.summary_of(runner.outcomes)}\n\nchecking")
    findings, figures = check(stage, ledger, _long_pauses(runner.outcomes))
    violations = [*watch.violations, *runner.violations, *findings.texts]
    if unacknowledged:
        violations.append(f"load: expected every review acknowledged in the end, got {unacknowledged} that were not")
    _say("\n".join(f"{number:>9}  {name}" for name, number in figures.items()))
    _say(f"{len(runner.outcomes):>9}  faults in {time.time() - began:.0f} s")
    return violations, runner.outcomes


def _say(text):
    print(text, flush=True)


def _long_pauses(outcomes):
    return [
        (outcome.planned.target.split()[1], outcome.began, outcome.ended)
        for outcome in outcomes
        if outcome.planned.kind is Zombie and outcome.ended - outcome.began > SESSION_SECONDS
    ]
