"""Prometheus text, read."""

import re

_SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """[(name, {label: value}, number)]"""
    samples = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            match = _SAMPLE.match(line)
            assert match, f"metrics: expected a sample, got {line!r}"
            samples.append((match[1], dict(_LABEL.findall(match[2] or "")), float(match[3])))
    return samples


def total(samples, name, **labels):
    """The sum over all samples of that name that have these labels."""
    return sum(
        number for sample, has, number in samples if sample == name and labels.items() <= has.items()
    )
