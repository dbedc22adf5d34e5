"""Where things are."""

import functools
import os
import pathlib
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("TEST_BUILD_DIR", PROJECT / "build/release"))
K8S = PROJECT / "deploy/k8s"
COMPONENTS = K8S / "components"


@functools.lru_cache(maxsize=None)
def tool(name):
    """The path of a program from requirements.txt."""
    folder = subprocess.run(
        [PROJECT / "tests/tools", "deploy"], stdout=subprocess.PIPE, text=True, timeout=100, check=True
    ).stdout.strip()
    return pathlib.Path(folder, name)
