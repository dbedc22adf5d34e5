"""The dashboard."""

import json

from . import DASHBOARD


def load():
    return json.loads(DASHBOARD.read_text())


def panels():
    """Those that show something: no rows."""
    return [panel for panel in load()["panels"] if panel["type"] != "row"]


def expressions():
    """[(panel's title, expression)] as Prometheus gets them, with the variables' values put in."""
    return [
        (panel["title"], target["expr"].replace("$__rate_interval", "1m").replace("$namespace", ".*"))
        for panel in panels()
        for target in panel["targets"]
    ]
