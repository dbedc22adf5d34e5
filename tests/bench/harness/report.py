"""The readable tables, in Markdown so that a README can take them as they are."""

from . import targets
from .results import summary

# Measure, heading, digits: the columns of a case are those of its measures, in this order.
_COLUMNS = (
    ("cpu_seconds_per_million", "CPU s/M", 1),
    ("postgres_cpu_seconds_per_million", "Postgres' CPU s/M", 1),
    ("cpu_seconds_per_second", "CPU s/s", 3),
    ("reviews_per_second", "reviews/s", 0),
    ("rows_per_second", "rows/s", 0),
    ("rows_per_second_from_start", "rows/s from start", 0),
    ("events_per_second", "events/s", 0),
    ("mib_per_second", "MiB/s heard", 2),
    ("cpu_ns", "CPU ns a review", 0),
    ("real_ns", "ns a review", 0),
    ("p50_ms", "p50 ms", 2),
    ("p99_ms", "p99 ms", 2),
    ("max_ms", "longest ms", 2),
    ("first_row_seconds", "first new row, s", 2),
    ("all_partitions_seconds", "all partitions, s", 2),
    ("rss_mib", "RSS MiB", 0),
    ("peak_rss_mib", "peak RSS MiB", 0),
)
# Of memory and of what floors do not have, ratios say nothing.
_NO_RATIO = {"rows_per_second_from_start", "rss_mib", "peak_rss_mib", "postgres_cpu_seconds_per_million", "max_ms"}


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


def _columns(results, case):
    return [column for column in _COLUMNS if column[0] in results.measures(case)]


def _ratio_columns(results, case):
    return [column for column in _columns(results, case) if column[0] not in _NO_RATIO]


def _measures_table(results, case):
    columns = _columns(results, case)
    rows = [
        [subject, *(_text(results.values(case, subject, measure), digits) for measure, _, digits in columns)]
        for subject in results.subjects(case)
    ]
    return ["", f"### {case}", "", *_table(["", *(heading for _, heading, _ in columns)], rows)]


def ratios(results):
    """A list of {case, subject, reference, ratios: {measure: one a repetition}}."""
    return [
        {
            "case": case,
            "subject": subject,
            "reference": reference,
            "ratios": {
                measure: results.ratios(case, subject, reference, measure)
                for measure, _, _ in _ratio_columns(results, case)
            },
        }
        for case in results.cases()
        for subject, reference in results.pairs(case)
    ]


def _ratios_table(results, case):
    rows = [
        [f"{each['subject']} / {each['reference']}", *(_text(values, 2) for values in each["ratios"].values())]
        for each in ratios(results)
        if each["case"] == case
    ]
    if not rows:
        return []
    return ["", *_table(["ratio", *(heading for _, heading, _ in _ratio_columns(results, case))], rows)]


def _targets_table(results):
    rows = [
        [each["what"], each["target"], _text(each["values"], each["digits"]), each["verdict"]]
        for each in targets.judged(results)
    ]
    if not rows:
        return []
    return ["", "### beside the targets", "", *_table(["", "target", "measured", ""], rows)]


def text(results):
    """Least / median / greatest of the repetitions everywhere; one figure where there was one repetition."""
    lines = _targets_table(results)
    for case in results.cases():
        lines += [*_measures_table(results, case), *_ratios_table(results, case)]
    return "\n".join(lines).lstrip()
