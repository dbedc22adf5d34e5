"""Dashboard, rules and runbook name only what the programs have."""

import re

from monitoring import dashboard, expressions, rules, runbook
from support import metrics
from support.programs import run_program

BY_PROMETHEUS = {"namespace", "job", "instance"}  # labels of every series, whatever the programs say


def samples_of(*programs):
    """[(name, labels)]"""
    return [
        (name, labels)
        for program in programs
        for name, labels, _ in metrics.parse(program.manage("/metrics").body.decode())
    ]


def named_expressions():
    """[(where, expression)]"""
    of_rules = [(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules.rules(rules.load())]
    return of_rules + dashboard.expressions()


def is_found(selector, samples):
    matchers = [matcher for matcher in selector.matchers if matcher[0] not in BY_PROMETHEUS]
    own = expressions.Selector(selector.metric, matchers)
    return any(
        name == own.metric and own.takes(labels) and {label for label, _, _ in matchers} <= labels.keys()
        for name, labels in samples
    )


def test_every_metric_and_label_that_is_named_exists(stack):
    producer, consumer = stack.started_producer(), stack.started_consumer()
    with producer.client() as client:
        assert client.post({"vendor_id": "v", "author": "a", "rating": 4}).status == 202
    stack.topic.write(b"v", b"poison")
    stack.wait_until_caught_up()
    samples = samples_of(producer, consumer)
    labels = BY_PROMETHEUS.union(*(labels for _, labels in samples))
    by_others = rules.recorded_names() | {"up"}

    unknown = {
        f"{where}: {selector.metric} {selector.matchers}"
        for where, expression in named_expressions()
        for selector in expressions.read(expression).selectors
        if selector.metric not in by_others and not is_found(selector, samples)
    }
    unknown |= {
        f"{where}: by {label}"
        for where, expression in named_expressions()
        for label in expressions.read(expression).grouped_by - labels
    }
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name, _ in samples} | {name for name, _ in samples}
    # After `grep`, the runbook may name how several begin.
    unknown |= {
        f"runbook: {name}" for name in runbook.metric_names() if not any(each.startswith(name) for each in families)
    }
    assert not unknown, "\n".join(sorted(unknown))


def test_every_reviewctl_command_of_the_runbook_is_one():
    assert runbook.reviewctl_commands()
    for verbs, options in runbook.reviewctl_commands():
        done = run_program("reviewctl", *verbs, "--help")
        assert done.returncode == 0, verbs
        for verb in verbs:
            assert verb in done.stdout, f"{verbs}: expected its own help, got another"
        assert [option for option in options if option not in done.stdout] == [], verbs
