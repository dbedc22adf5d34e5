"""Measures by case and subject, a list of repetitions each, and their statistics."""

import collections
import statistics


class Results:
    """`add` in the order measured: repetition n of every subject ran close to the others' n."""

    def __init__(self):
        self._runs = collections.defaultdict(lambda: collections.defaultdict(list))
        self._pairs = {}

    def add(self, case, subject, measures):
        self._runs[case][subject].append(measures)

    def compare(self, case, subject, reference):
        """Says that the ratio of the two is worth showing."""
        self._pairs[case, subject, reference] = None

    def cases(self):
        return list(self._runs)

    def subjects(self, case):
        return list(self._runs[case]) if case in self._runs else []

    def measures(self, case):
        """The names of what was measured of any subject."""
        return {name for runs in self._runs[case].values() for run in runs for name in run}

    def pairs(self, case):
        """(subject, reference) to compare, both measured."""
        found = self.subjects(case)
        return [(mine, theirs) for of, mine, theirs in self._pairs if of == case and {mine, theirs} <= set(found)]

    def values(self, case, subject, measure):
        """One a repetition; empty when the subject was not measured or has no such measure."""
        if subject not in self.subjects(case):
            return []
        return [run[measure] for run in self._runs[case][subject] if measure in run]

    def ratios(self, case, subject, reference, measure):
        """Subject over reference, repetition by repetition."""
        pairs = zip(self.values(case, subject, measure), self.values(case, reference, measure), strict=False)
        return [mine / theirs for mine, theirs in pairs if theirs]

    def as_json(self):
        """Runs and their summaries, for machines."""
        return {
            case: {
                subject: {
                    "runs": runs,
                    "summary": {
                        measure: summary(self.values(case, subject, measure)) for measure in runs[0]
                    },
                }
                for subject, runs in subjects.items()
            }
            for case, subjects in self._runs.items()
        }


def check_all_accepted(name, run):
    """Of what bench_load prints."""
    failed = {
        name: count
        for name, count in run.items()
        if (name.startswith("status_") and name != "status_202") or (name == "unanswered" and count)
    }
    assert run["count"] > 0 and not failed, f"{name}: expected 202 to everything, got {failed}"


def summary(values):
    """Least, median and greatest."""
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def rotated(items, by):
    """So that no subject always runs first."""
    by %= len(items)
    return items[by:] + items[:by]
