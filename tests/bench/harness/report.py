"""The readable table, in Markdown so that README.md can take it as it is."""

from . import consumer_runs, producer_runs
from .results import summary

# Heading, measure, digits.
_PRODUCER_COLUMNS = (
    ("CPU s/M", "cpu_seconds_per_million", 1),
    ("reviews/s", "reviews_per_second", 0),
    ("p50 ms", "p50_ms", 2),
    ("p99 ms", "p99_ms", 2),
    ("RSS MiB", "rss_mib", 0),
)
_CONSUMER_COLUMNS = (
    ("own CPU s/M", "cpu_seconds_per_million", 1),
    ("rows/s", "rows_per_second", 0),
    ("rows/s from start", "rows_per_second_from_start", 0),
    ("peak RSS MiB", "peak_rss_mib", 0),
)


def _text(values, digits):
    if not values:
        return "-"
    if len(values) == 1:
        return f"{values[0]:,.{digits}f}"
    found = summary(values)
    return " / ".join(f"{found[each]:,.{digits}f}" for each in ("min", "median", "max"))


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _measures_table(results, case):
    columns = _columns(case)
    rows = [
        [subject, *(_text(results.values(case, subject, measure), digits) for _, measure, digits in columns)]
        for subject in sorted(results.subjects(case))
    ]
    return ["", f"### {case}", "", *_table(["", *(heading for heading, _, _ in columns)], rows)]


def _pairs(results):
    """(case, subject, reference) worth a ratio: our programs over floors and peers."""
    ours = (producer_runs.OURS, producer_runs.OURS_ONE_THREAD)
    for case in results.cases():
        if case != consumer_runs.CASE:
            for subject in [each for each in ours if each in results.subjects(case)]:
                for reference in [each for each in results.subjects(case) if each not in ours]:
                    yield case, subject, reference
    if consumer_runs.CASE in results.cases():
        two, one = consumer_runs.OURS, consumer_runs.OURS_ONE_WRITER
        for subject, connections in ((two, 2), (one, 1)):
            for reference in (consumer_runs.SQL, consumer_runs.OUR_SQL, consumer_runs.COPY):
                yield consumer_runs.CASE, subject, reference.format(connections)
            for reference in (consumer_runs.DIRECT, consumer_runs.BARE_KAFKA):
                yield consumer_runs.CASE, subject, reference
        yield consumer_runs.CASE, two, one


def ratios(results):
    """A list of {case, subject, reference, ratios: {measure: one a repetition}}."""
    return [
        {
            "case": case,
            "subject": subject,
            "reference": reference,
            "ratios": {
                measure: results.ratios(case, subject, reference, measure) for _, measure, _ in _ratio_columns(case)
            },
        }
        for case, subject, reference in _pairs(results)
    ]


def _columns(case):
    return _CONSUMER_COLUMNS if case == consumer_runs.CASE else _PRODUCER_COLUMNS


def _ratio_columns(case):
    """Memory over a floor's memory says nothing, and floors have no start to count from."""
    return [each for each in _columns(case) if "rss" not in each[1] and "from_start" not in each[1]]


def _ratios_table(results, case):
    rows = [
        [f"{each['subject']} / {each['reference']}", *(_text(values, 2) for values in each["ratios"].values())]
        for each in ratios(results)
        if each["case"] == case
    ]
    return ["", *_table(["ratio", *(heading for heading, _, _ in _ratio_columns(case))], rows)]


def text(results):
    """Least / median / greatest of the repetitions everywhere; one figure where there was one repetition."""
    lines = []
    for case in results.cases():
        lines += [*_measures_table(results, case), *_ratios_table(results, case)]
    return "\n".join(lines).lstrip()
