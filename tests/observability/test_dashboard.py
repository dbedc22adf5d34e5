"""The dashboard is one that Grafana shows and Prometheus answers."""

import itertools

from monitoring import dashboard, expressions, rules

from test_rules import promtool


def test_every_expression_is_one(tmp_path):
    made = [
        {"record": f"panel:{number}", "expr": expression}
        for number, (_, expression) in enumerate(dashboard.expressions())
    ]

    promtool("check", "rules", rules.write({"groups": [{"name": "panels", "rules": made}]}, tmp_path / "panels.yml"))


def test_every_question_goes_to_the_chosen_source_and_namespace():
    for panel in dashboard.panels():
        assert panel["targets"], panel["title"]
        for target in panel["targets"]:
            assert target["datasource"]["uid"] == "${datasource}", panel["title"]
            for selector in expressions.read(target["expr"]).selectors:
                assert ("namespace", "=~", "$namespace") in selector.matchers, panel["title"]
    assert [variable["name"] for variable in dashboard.load()["templating"]["list"]] == ["datasource", "namespace"]


def test_panels_have_numbers_and_places_of_their_own():
    panels = dashboard.load()["panels"]
    places = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x, y in itertools.product(range(panel["gridPos"]["w"]), range(panel["gridPos"]["h"]))
    ]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) < 24


def test_what_an_operator_asks_has_a_row():
    rows = [panel["title"] for panel in dashboard.load()["panels"] if panel["type"] == "row"]

    assert rows == [
        "At a glance", "Intake", "Acknowledgement", "Lag", "Store", "Saturation", "Events", "Dead letters",
        "Supervision", "Processes",
    ]  # fmt: skip
