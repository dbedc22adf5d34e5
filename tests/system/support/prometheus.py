"""A real Prometheus that scrapes programs and judges by our rules."""

import json
import urllib.parse
import urllib.request

import yaml

from .places import free_port
from .processes import Process
from .waiting import wait_until


class Prometheus(Process):
    """Scrapes and evaluates once a second."""

    def __init__(self, folder, programs, rules_path):
        """`programs`: {job: management port}; what they answer need not be there yet."""
        self.port = free_port()
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(rules_path)],
            "scrape_configs": [
                {
                    "job_name": job,
                    "static_configs": [{"targets": [f"127.0.0.1:{port}"], "labels": {"namespace": "reviews"}}],
                }
                for job, port in programs.items()
            ],
        }
        config_path = folder / "prometheus.yml"
        config_path.write_text(yaml.safe_dump(config))
        super().__init__(
            "prometheus",
            [
                "prometheus",
                f"--config.file={config_path}",
                f"--storage.tsdb.path={folder}/prometheus",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ],
            folder,
        )

    def start(self):
        super().start()
        self.wait_for(lambda: "Server is ready to receive web requests" in self.log(), 60, "ready")

    def _ask(self, what):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{what}", timeout=30) as answer:
            return json.load(answer)["data"]

    def broken_rules(self):
        """Rules that could not be evaluated the last time, with the reason."""
        rules = [rule for group in self._ask("rules")["groups"] for rule in group["rules"]]
        return {rule["name"]: rule["lastError"] for rule in rules if rule["health"] == "err"}

    def value(self, expression):
        """Of an expression with one series now, or None."""
        series = self._ask("query?" + urllib.parse.urlencode({"query": expression}))["result"]
        return float(series[0]["value"][1]) if series else None

    def firing(self, **labels):
        """The alerts with these labels that fire now."""
        return [
            alert
            for alert in self._ask("alerts")["alerts"]
            if alert["state"] == "firing" and labels.items() <= alert["labels"].items()
        ]

    def wait_until_firing(self, name, seconds=60, **labels):
        """Returns them."""
        return wait_until(lambda: self.firing(alertname=name, **labels), seconds, f"{name} {labels}: firing")

    def wait_until_quiet(self, name, seconds=60, **labels):
        def is_quiet():
            return not self.firing(alertname=name, **labels)

        wait_until(is_quiet, seconds, f"{name} {labels}: not firing")
