"""What the commands of this folder share."""

import os
import pathlib
import signal
import subprocess
import sys
import time

PROJECT = pathlib.Path(__file__).resolve().parents[3]


def say(text):
    """Progress, apart from the result."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def prepare(build_dir=None):
    """Where the programs and floors are; without a folder they are built first. To be called before `support` is known.

    From now on SIGTERM and SIGHUP end the command as Ctrl-C does: the servers are stopped first.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    found = (build_dir or _build()).resolve()
    os.environ["TEST_BUILD_DIR"] = str(found)  # where tests/system/support finds the programs
    return found


def _build():
    folder = PROJECT / "build/bench"
    targets = ("reviews-producer", "reviews-consumer", "reviewctl", "bench")
    for command in (
        ("cmake", "--preset", "release", "-B", str(folder), "-DREVIEWS_BENCH=ON", "-DREVIEWS_TESTS=OFF"),
        ("cmake", "--build", str(folder), "--target", *targets),
    ):
        subprocess.run(command, cwd=PROJECT, check=True, stdout=sys.stderr)
    return folder
