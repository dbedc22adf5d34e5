"""The runbook's sections and what they name."""

import re

from . import RUNBOOK

_METRIC = re.compile(r"\b(?:reviews|http_server)_[a-z0-9_]+\b")


def text():
    return RUNBOOK.read_text()


def sections():
    """{heading: its text}, of the second level."""
    parts = re.split(r"^## (.+)$", text(), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2]))


def anchor(heading):
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def metric_names():
    return set(_METRIC.findall(text()))


def shell():
    """All that stands in blocks to be typed."""
    return "".join(re.findall(r"^```sh\n(.*?)^```", text(), flags=re.MULTILINE | re.DOTALL))


def commands():
    """Every line that is to be typed, and every command named within a sentence."""
    lines = shell().splitlines() + re.findall(r"`([^`\n]+)`", text())
    return [line.split(" #")[0].strip() for line in lines]


def reviewctl_commands():
    """[(verbs, options)] of each call of reviewctl."""
    found = []
    for command in commands():
        match = re.match(r"(?:ctl|reviewctl) (.+)", command)
        if match:
            words = match[1].split("|")[0].split()
            verbs = re.match(r"[a-z ]*", " ".join(words))[0].split()
            found.append((verbs, [word for word in words if word.startswith("--")]))
    return found


def log_events():
    """The events that are looked for in the programs' logs."""
    return {
        event
        for command in commands()
        if command.startswith("logs ")
        for event in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", command)
    }
