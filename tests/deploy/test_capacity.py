"""deploy/capacity.md says what deploy/capacity.py computes."""

import importlib.util
import pathlib
import subprocess
import sys

import pytest

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"


def load_script():
    spec = importlib.util.spec_from_file_location("capacity", DEPLOY / "capacity.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


capacity = load_script()


def test_the_page_holds_what_the_script_prints():
    printed = subprocess.run(
        [sys.executable, DEPLOY / "capacity.py"], capture_output=True, text=True, timeout=30, check=True
    ).stdout

    page = (DEPLOY / "capacity.md").read_text()
    for table in printed.strip().split("\n\n"):
        assert table in page


@pytest.mark.parametrize("bytes_of", ["kafka_bytes", "kafka_lz4_bytes", "table_bytes", "index_bytes", "wal_bytes"])
def test_the_page_names_what_was_measured(bytes_of):
    assert str(getattr(capacity.MEASURED, bytes_of)) in (DEPLOY / "capacity.md").read_text()


@pytest.mark.parametrize("rate", [10, 1_000, 100_000])
def test_a_plan_carries_its_rate(rate):
    plan = capacity.plan(rate, days=365)

    cores = plan.producers * capacity.CHOSEN.pod_cpus
    assert cores * capacity.CHOSEN.autoscaler_target >= rate * capacity.MEASURED.producer_cpu_s
    assert plan.databases * plan.writers * capacity.MEASURED.writer_rows_per_s > rate
    disks = plan.databases * plan.database_disk_gb * 1e9
    assert disks > plan.rows * (capacity.MEASURED.table_bytes + capacity.MEASURED.index_bytes)
    assert plan.partitions >= plan.consumers, "a consumer without a partition is idle"


def test_twice_the_rate_never_costs_less():
    bills = [sum(capacity.plan(10 * 2**n, days=365).bill.values()) for n in range(16)]

    assert bills == sorted(bills)
    assert bills[-1] > bills[0]
