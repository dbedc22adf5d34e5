"""Names are found in PromQL, all of them and nothing else."""

from monitoring import expressions


def test_metrics_labels_and_matchers_are_told_apart():
    found = expressions.read(
        """
        max by (namespace, a) (first_total{x="1", y=~"5..|b{}"} > 60 # seconds
        and deriv(second_seconds[10m] offset 5m) > -0.1) / on (b) group_left (c) (rule:of:ours) or absent(third)
        unless sum without (d) (rate(fourth_bucket{}[$__rate_interval])) > bool 1e3
        """
    )

    assert [(each.metric, each.matchers) for each in found.selectors] == [
        ("first_total", [("x", "=", "1"), ("y", "=~", "5..|b{}")]),
        ("second_seconds", []),
        ("rule:of:ours", []),
        ("third", []),
        ("fourth_bucket", []),
    ]
    assert found.grouped_by == {"namespace", "a", "b", "c", "d"}


def test_a_selector_takes_what_prometheus_would():
    (selector,) = expressions.read('metric{a="1", b!="2", c=~"x|y", d!~"z.*", e=""}').selectors

    assert selector.takes({"a": "1", "c": "y", "d": "w"})
    for wrong in ({"a": "2"}, {"b": "2"}, {"c": "xy"}, {"d": "zz"}, {"e": "1"}):
        assert not selector.takes({"a": "1", "c": "y", "d": "w", **wrong})
