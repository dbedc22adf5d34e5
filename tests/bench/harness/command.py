"""What the commands of this folder share."""

import pathlib
import subprocess
import sys
import time

PROJECT = pathlib.Path(__file__).resolve().parents[3]


def say(text):
    """Progress, apart from the result."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def build():
    """The programs under measure and the floors; returns where they are."""
    folder = PROJECT / "build/bench"
    targets = ("reviews-producer", "reviews-consumer", "reviewctl", "bench")
    for command in (
        ("cmake", "--preset", "release", "-B", str(folder), "-DREVIEWS_BENCH=ON", "-DREVIEWS_TESTS=OFF"),
        ("cmake", "--build", str(folder), "--target", *targets),
    ):
        subprocess.run(command, cwd=PROJECT, check=True, stdout=sys.stderr)
    return folder
