"""A run of the tests that somebody ends leaves nothing running: as tests/run starts it, signalled at its pid alone."""

import os
import pathlib
import signal
import subprocess
import sys

from support.places import PROJECT
from support.waiting import wait_until

RUN = """
set -euo pipefail
. deploy/local/lib/signals.sh
. deploy/local/lib/say.sh
end_step_seconds=60
trap end_step EXIT
end_on_signals
in_group "$@"
"""

TEST_OF_THE_RUN = """
import pathlib
import threading

import pytest

from support.processes import Process

@pytest.fixture
def server(folder):
    process = Process("server", ["sleep", 600], folder)
    process.start()
    pathlib.Path("server.pid").write_text(str(process.pid))
    yield process
    process.end()

def test_that_lasts(server):
    pathlib.Path("is-under-way").touch()
    threading.Event().wait()
"""


def test_sigterm_ends_tests_by_way_of_their_finalisers(tmp_path):
    (tmp_path / "conftest.py").write_text('pytest_plugins = ("support.fixtures",)\n')
    (tmp_path / "test_it.py").write_text(TEST_OF_THE_RUN)
    paths = {"PYTHONPATH": str(PROJECT / "tests/system"), "TMPDIR": str(tmp_path)}
    pytest_run = ["env", "-C", tmp_path, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "."]
    run = subprocess.Popen(
        ["bash", "-c", RUN, "run", *pytest_run],
        cwd=PROJECT,
        env={**os.environ, **paths},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until((tmp_path / "is-under-way").exists, 60, "the test under way")
        server = pathlib.Path("/proc") / (tmp_path / "server.pid").read_text()
        assert (server / "cmdline").read_bytes() == b"sleep\x00600\x00"
    finally:
        run.send_signal(signal.SIGTERM)
        output, _ = run.communicate(timeout=70)

    assert run.returncode == 128 + signal.SIGTERM, output
    assert not server.exists()
    assert not list(tmp_path.glob("reviews-system-*")), "the run's folder: expected it removed"
