"""Breaks things as planned and measures how soon all is well again."""

import random
import threading
import time
import traceback
from dataclasses import dataclass, field

ABILITIES = ("ready", "accept", "store")
# From the end of the last fault that hinders it. Readiness is promised; the others are generous bounds.
LIMITS = {"ready": 10.0, "accept": 20.0, "store": 30.0}
LOOK_SECONDS = 0.05
IN_SYNC_SECONDS = 90


@dataclass
class Outcome:
    """What became of one fault. Times are seconds since the epoch."""

    planned: object
    hinders: frozenset
    began: float
    ended: float = 0.0
    is_over: bool = False  # recovered, or given up
    took: dict = field(default_factory=dict)  # {ability: seconds}
    seen: dict = field(default_factory=dict)  # {status: answers to clients from its begin to all well}
    overlapped: set = field(default_factory=set)  # numbers of others

    def is_active(self):
        return self.ended == 0

    def label(self):
        return f"#{self.planned.number} {self.planned.kind.name} of {self.planned.target}"


class Runner:
    """`on_end(outcome)` is called for each fault, one at a time."""

    def __init__(self, stage, watch, ledger, at_once, on_end):
        self._stage = stage
        self._watch = watch
        self._ledger = ledger
        self._at_once = at_once
        self._on_end = on_end
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._lanes = set()
        self.outcomes = []
        self.violations = []

    def run(self, planned, until=None):
        """All of them, in their order; none that would begin after `until`."""
        began = time.time()
        threads = []
        try:
            for each in planned:
                self._stop.wait(max(0.0, began + each.at - time.time()))
                fault = each.kind(self._stage, each.target, random.Random(each.seed))
                if not self._wait_for_turn(fault, until):
                    break
                outcome = Outcome(each, fault.hinders, time.time())
                self.outcomes.append(outcome)
                threads.append(threading.Thread(target=self._work, args=(fault, outcome)))
                threads[-1].start()
        except BaseException:
            self._stop.set()
            raise
        finally:
            for thread in threads:
                thread.join()

    def _wait_for_turn(self, fault, until):
        """Takes its lane once that is free and no more than some are at once."""
        is_sound_since = time.time()
        while until is None or time.time() < until:
            with self._changed:
                is_free = fault.lane() not in self._lanes and len(self._lanes) < self._at_once
                if not is_free:
                    self._changed.wait(LOOK_SECONDS)
                    is_sound_since = time.time()
                    continue
            if not fault.needs_all_brokers or self._stage.cluster.is_in_sync():
                with self._changed:
                    self._lanes.add(fault.lane())
                return True
            assert time.time() - is_sound_since < IN_SYNC_SECONDS, "brokers: expected all replicas in sync"
            time.sleep(LOOK_SECONDS)
        return False

    def _work(self, fault, outcome):
        outcome.overlapped |= {other.planned.number for other in self.outcomes if other.is_active()}
        outcome.overlapped.discard(outcome.planned.number)
        try:
            self._break_and_mend(fault, outcome)
            self._await_recovery(outcome)
        finally:
            outcome.ended = outcome.ended or time.time()
            outcome.seen = self._ledger.seen(outcome.began, time.time())
            with self._changed:
                outcome.is_over = True
                self._lanes.discard(fault.lane())
                self._changed.notify_all()
                self._on_end(outcome)

    def _break_and_mend(self, fault, outcome):
        try:
            fault.start()
            fault.hold(outcome.planned.seconds, self._stop)
        except Exception:
            self._report(outcome, traceback.format_exc())
        try:
            fault.end()
        except Exception:
            self._report(outcome, traceback.format_exc())
        outcome.ended = time.time()

    def _report(self, outcome, what):
        self.violations.append(f"{outcome.label()}: {what}")

    def _await_recovery(self, outcome):
        """Each ability within its limit, counted from the end of the last fault that could hinder it."""
        acknowledged = self._watch.acknowledged()
        missing = set(ABILITIES)
        while missing and not self._stop.is_set():
            now = time.time()
            for ability in sorted(missing):
                at = self._reached(ability, outcome.ended, acknowledged)
                hindered_by = self._others_that_hinder(ability, outcome)
                since = max([outcome.ended, *(other.ended for other in hindered_by)])
                if at is not None:
                    outcome.took[ability] = max(0.0, at - since)
                    missing.discard(ability)
                is_hindered_still = any(other.is_active() for other in hindered_by)
                took = (at or now) - since
                if took > LIMITS[ability] and not is_hindered_still:
                    outcome.took[ability] = took
                    missing.discard(ability)
                    self._report(outcome, f"expected {ability} within {LIMITS[ability]:.0f} s, got {took:.1f} s")
            self._stop.wait(LOOK_SECONDS)

    def _reached(self, ability, moment, acknowledged):
        """When, or None."""
        if ability == "ready":
            return self._watch.ready_since(moment)
        is_there = (
            self._watch.accepts_since(moment) if ability == "accept" else self._watch.has_stored(acknowledged)
        )
        return time.time() if is_there else None

    def _others_that_hinder(self, ability, outcome):
        """Faults that were active after this one's end and may have kept that ability away."""
        return [
            other
            for other in self.outcomes
            if other is not outcome
            and (other.is_active() or other.ended > outcome.ended)
            and ability in other.hinders
        ]
