"""The rules: as plain Prometheus reads them, and shortened for a test in real time."""

import copy
import re

import yaml

from . import RULES

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_RANGE = re.compile(r"\[(\d+)([smhd])\]")
_THRESHOLD = re.compile(r"(\d+) # seconds")


def load():
    """{"groups": [...]}: what is below `spec` is a file of Prometheus's own."""
    return yaml.safe_load(RULES.read_text())["spec"]


def rules(of):
    return [rule for group in of["groups"] for rule in group["rules"]]


def alerts(of):
    return [rule for rule in rules(of) if "alert" in rule]


def alert_names():
    return {rule["alert"] for rule in alerts(load())}


def recorded_names():
    return {rule["record"] for rule in rules(load()) if "record" in rule}


def without_annotations(of):
    """For promtool's tests, which would repeat every text."""
    stripped = copy.deepcopy(of)
    for rule in alerts(stripped):
        del rule["annotations"]
    return stripped


def shortened(of, factor=60, range_least=5, range_most=20):
    """The same rules with time running `factor` times as fast.

    `for` and thresholds in seconds are divided. A range is divided and kept within `range_least` and
    `range_most` seconds: below, it would hold too few scrapes; above, an alert would only take longer to clear.
    """

    def seconds(number, unit):
        return int(number) * _SECONDS[unit] / factor

    def new_range(match):
        return f"[{round(min(max(seconds(*match.groups()), range_least), range_most))}s]"

    short = copy.deepcopy(of)
    for group in short["groups"]:
        del group["interval"]
        for rule in group["rules"]:
            rule["expr"] = _RANGE.sub(new_range, rule["expr"])
            rule["expr"] = _THRESHOLD.sub(lambda match: f"{int(match[1]) / factor:g}", rule["expr"])
            if "for" in rule:
                rule["for"] = f"{round(1000 * seconds(rule['for'][:-1], rule['for'][-1]))}ms"
    return short


def write(of, path):
    path.write_text(yaml.safe_dump(of, sort_keys=False))
    return path
