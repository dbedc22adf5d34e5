"""The programs under measure and the floors, built."""

import pathlib
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[3]


def build():
    folder = PROJECT / "build/bench"
    targets = ("reviews-producer", "reviews-consumer", "reviewctl", "bench")
    for command in (
        ("cmake", "--preset", "release", "-B", str(folder), "-DREVIEWS_BENCH=ON", "-DREVIEWS_TESTS=OFF"),
        ("cmake", "--build", str(folder), "--target", *targets),
    ):
        subprocess.run(command, cwd=PROJECT, check=True, stdout=sys.stderr)
    return folder
