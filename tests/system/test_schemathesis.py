"""What http/openapi.json allows is taken, what it forbids is refused, and every answer is as described."""

import os
import re
import subprocess

from support import interface
from support.places import PROJECT, tool

SETTINGS = PROJECT / "tests/system/schemathesis"


def test_no_request_of_thousands_is_answered_otherwise_than_described(stack, tmp_path):
    producer = stack.started_producer()
    stack.started_consumer()

    done = subprocess.run(
        [tool("schemathesis"), "--config-file", SETTINGS / "schemathesis.toml", "run", interface.PATH]
        + ["--url", f"http://127.0.0.1:{producer.port}", "--no-color"],
        env={**os.environ, "PYTHONPATH": SETTINGS},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    said = "\n".join(line[:1000] for line in done.stdout.splitlines())
    assert done.returncode == 0, said + done.stderr
    operations = sum(map(len, interface.public().routes().values()))
    assert f"Tested: {operations}\n" in said, said
    assert int(re.search(r"(\d+) generated", said)[1]) > 1000, said
    assert producer.is_running()
