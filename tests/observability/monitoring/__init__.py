"""Rules, dashboard and runbook, read."""

import pathlib

_DEPLOY = pathlib.Path(__file__).resolve().parents[3] / "deploy"
_CONTENT = _DEPLOY / "k8s/components/monitoring/content"
RULES = _CONTENT / "rules.yaml"
DASHBOARD = _CONTENT / "dashboard.json"
RUNBOOK = _DEPLOY / "runbook.md"
