"""The rules are sound, and each alert fires, keeps quiet and clears as it should."""

import pathlib
import subprocess

import pytest
import yaml

from monitoring import rules

CASES = pathlib.Path(__file__).parent / "alerts.yaml"


def promtool(*arguments):
    done = subprocess.run(
        ["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("change", [lambda of: of, rules.shortened, rules.without_annotations])
def test_promtool_takes_the_rules(tmp_path, change):
    promtool("check", "rules", "--lint=all", "--lint-fatal", rules.write(change(rules.load()), tmp_path / "rules.yml"))


def test_every_case_holds(tmp_path):
    rules.write(rules.without_annotations(rules.load()), tmp_path / "rules.yml")
    cases = tmp_path / CASES.name
    cases.write_text(CASES.read_text())

    promtool("test", "rules", cases)


def rule_of(alert):
    """What tells the rules of one alert apart."""
    return alert["alert"], tuple(sorted(alert["labels"].items()))


def test_every_alert_is_seen_to_keep_quiet_then_fire_then_clear():
    """In the order of time, of one case: never before, at some time, no more at the end."""
    missing = {rule_of(alert) for alert in rules.alerts(rules.load())}
    for case in yaml.safe_load(CASES.read_text())["tests"]:
        for rule in set(missing):
            looks = [
                any(set(rule[1]) <= set(expected["exp_labels"].items()) for expected in look.get("exp_alerts", []))
                for look in case["alert_rule_test"]
                if look["alertname"] == rule[0]
            ]
            if any(looks) and not looks[0] and not looks[-1]:
                missing.discard(rule)

    assert missing == set()


def test_every_alert_says_how_bad_it_is_and_what_it_means():
    for alert in rules.alerts(rules.load()):
        assert alert["labels"]["severity"] in {"critical", "warning"}, alert
        assert set(alert["annotations"]) == {"summary", "description", "runbook_url"}, alert


def test_shortened_rules_differ_in_times_only():
    long, short = rules.load(), rules.shortened(rules.load())

    def without_times(expression):
        return "".join(c for c in expression.replace("# seconds", "") if not c.isdigit() and c not in ".smhd \n")

    assert [rule.get("alert") for rule in rules.rules(long)] == [rule.get("alert") for rule in rules.rules(short)]
    for before, after in zip(rules.rules(long), rules.rules(short)):
        assert without_times(before["expr"]) == without_times(after["expr"])
    assert rules.alerts(short)[0]["for"] == "1000ms"
    (lag,) = [alert for alert in rules.alerts(short) if alert["alert"] == "ReviewsLagGrows"]
    assert "> 1\n" in lag["expr"] and "[10s]" in lag["expr"]
