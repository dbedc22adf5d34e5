"""Measures by case and subject, a list of repetitions each, and their statistics."""

import collections
import statistics


class Results:
    """`add` in the order measured: repetition n of every subject ran close to the others' n."""

    def __init__(self):
        self._runs = collections.defaultdict(lambda: collections.defaultdict(list))

    def add(self, case, subject, measures):
        self._runs[case][subject].append(measures)

    def cases(self):
        return list(self._runs)

    def subjects(self, case):
        return list(self._runs[case])

    def values(self, case, subject, measure):
        """One a repetition; empty when the subject has no such measure."""
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


def summary(values):
    """Least, median and greatest."""
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def rotated(items, by):
    """So that no subject always runs first."""
    by %= len(items)
    return items[by:] + items[:by]
