"""Steps that say nothing for a while, on a terminal and off it: as deploy/local/up and tests/run show them."""

import os
import pty
import subprocess

import pytest

from support.places import PROJECT

PRELUDE = """
set -euo pipefail
. deploy/local/lib/signals.sh
. deploy/local/lib/say.sh
end_on_signals
"""
SILENT_STEP = PRELUDE + "step 'a silent step' silent sleep 1.5\nsay 'after it'\n"
FAILING_STEP = PRELUDE + "step 'a failing step' failing sh -c 'sleep 1.5; echo why >&2; exit 7'\nsay 'after it'\n"


@pytest.fixture
def environment(tmp_path):
    return {**os.environ, "log_dir": str(tmp_path)}


def on_a_terminal(script, environment):
    """Its status and what a terminal is shown."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb") as screen:
        run = subprocess.Popen(
            ["bash", "-c", script], cwd=PROJECT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(screen.fileno(), 4096):
                shown += piece
        except OSError:  # the other end is closed
            pass
        return run.wait(timeout=20), shown.decode()


def test_a_silent_step_goes_on_on_a_terminal(environment):
    status, shown = on_a_terminal(SILENT_STEP, environment)

    assert status == 0, shown
    assert "a silent step: 1 s" in shown
    assert "after it" in shown


def test_a_silent_step_goes_on_without_a_terminal(environment, tmp_path):
    (tmp_path / "silent.log").touch()
    due = PRELUDE + f"show_progress 'a silent step' 15 '{tmp_path}/silent.log'\nsay 'after it'\n"  # each 15 s

    run = subprocess.run(
        ["bash", "-c", due], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=20
    )

    assert (run.returncode, run.stderr) == (0, "  a silent step: 15 s  \nafter it\n")


def test_a_failing_step_tells_why_on_a_terminal(environment):
    status, shown = on_a_terminal(FAILING_STEP, environment)

    assert status == 7, shown
    assert "a failing step: failed after" in shown
    assert "    why" in shown
    assert "after it" not in shown
