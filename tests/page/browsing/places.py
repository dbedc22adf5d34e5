"""Where things are."""

import pathlib
import subprocess
import sys

from support.places import PROJECT

SCREENSHOTS = PROJECT / "build/page-screenshots"


def use_tools():
    """Makes the packages of requirements.txt importable."""
    done = subprocess.run(
        [PROJECT / "tests/tools", "page"], stdout=subprocess.PIPE, text=True, timeout=280, check=True
    )
    (packages,) = pathlib.Path(done.stdout.strip()).parent.glob("lib/python3*/site-packages")
    sys.path.append(str(packages))
