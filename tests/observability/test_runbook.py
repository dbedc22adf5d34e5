"""Who is woken finds the section of the alert, and in it what to type."""

import pathlib
import re
import subprocess

import pytest

from monitoring import rules, runbook

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def test_every_alert_leads_to_a_section_and_every_section_to_an_alert():
    assert set(runbook.sections()) == rules.alert_names()
    for alert in rules.alerts(rules.load()):
        page, _, anchor = alert["annotations"]["runbook_url"].partition("#")
        assert page.endswith("/deploy/runbook.md")
        assert anchor == runbook.anchor(alert["alert"])


@pytest.mark.parametrize("name", sorted(rules.alert_names()))
def test_a_section_says_what_it_means_what_to_look_at_and_what_to_do(name):
    section = runbook.sections()[name]

    assert [heading for heading in re.findall(r"^\*\*(.+?)\.\*\*", section, flags=re.MULTILINE)] == [
        "Means", "Look", "Do",
    ]  # fmt: skip
    assert "```sh" in section
    assert len(section.splitlines()) <= 40


def test_events_that_are_looked_for_are_logged():
    sources = [*PROJECT.glob("actors/**/*.cpp"), *PROJECT.glob("deploy/**/*.cpp")]
    logged = set(re.findall(r'log::\w+\(\s*"(\w+)"', "".join(source.read_text() for source in sources)))

    assert runbook.log_events()
    assert runbook.log_events() - logged == set()


def test_what_is_to_be_typed_is_shell():
    done = subprocess.run(
        ["bash", "-n"], input=runbook.shell(), capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
