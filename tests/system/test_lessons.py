"""Every command of the lessons, in their order in one shell, shows what the lesson promises."""

import os
import re
import subprocess
import time

import pytest

from support import lessons
from support.local_stack import LocalStack
from support.places import PROJECT, free_port

TASKS, MISTAKES = lessons.read(lessons.PATH.read_text(encoding="utf-8"))
COMMAND_SECONDS = 120


class Terminal:
    """A shell in the checkout that is given one command after the other."""

    def __init__(self, environment, folder):
        self._folder = folder
        self._count = 0
        self._shell = subprocess.Popen(
            ["bash"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=PROJECT,
            env={**os.environ, **environment},
            start_new_session=True,
        )

    def run(self, command):
        """What the command prints; fails when it does not end in time."""
        self._count += 1
        script, output, done = (self._folder / f"{self._count}.{kind}" for kind in ("sh", "out", "done"))
        script.write_text(command, encoding="utf-8")
        # A file, not a pipe: what is left behind in the background would keep a pipe open.
        self._shell.stdin.write(f'eval "$(cat {script})" >{output} 2>&1 </dev/null; echo $? >{done}.part; mv {done}.part {done}\n')
        self._shell.stdin.flush()
        deadline = time.monotonic() + COMMAND_SECONDS
        while not done.exists():
            assert self._shell.poll() is None, f"{command}\nended the shell"
            assert time.monotonic() < deadline, f"{command}\nexpected its end within {COMMAND_SECONDS} s"
            time.sleep(0.02)
        return output.read_text(encoding="utf-8", errors="replace")

    def close(self):
        self._shell.communicate(timeout=20)


@pytest.fixture
def local():
    stack = LocalStack("state")
    try:
        yield stack
    finally:
        stack.end()


@pytest.fixture
def terminal(local, tmp_path):
    """A terminal whose programs find the stack by the variables that they document."""
    kafka, postgres = local.ports["LOCAL_KAFKA_PORT"], local.ports["LOCAL_POSTGRES_PORT"]
    shell = Terminal(
        {
            **local.environment,
            "REVIEWS_KAFKA_BOOTSTRAP_SERVERS": f"localhost:{kafka}",
            "REVIEWS_DATABASE_URL": f"postgresql://reviews@localhost:{postgres}/reviews",
        },
        tmp_path,
    )
    try:
        yield shell
    finally:
        shell.close()


@pytest.fixture
def own_places(local):
    """Puts this stack's ports and folder in place of the defaults that the lessons name."""
    ports = {
        "8080": local.ports["LOCAL_HTTP_PORT"],
        "8081": local.ports["LOCAL_PRODUCER_MANAGEMENT_PORT"],
        "8082": local.ports["LOCAL_CONSUMER_MANAGEMENT_PORT"],
        "8083": free_port(),
        "9092": local.ports["LOCAL_KAFKA_PORT"],
    }

    def placed(command):
        command = re.sub(rf"\b({'|'.join(ports)})\b", lambda found: str(ports[found[1]]), command)
        return command.replace(".local/", f"{local.folder}/")

    return placed


def test_every_command_has_its_promise():
    assert not MISTAKES
    assert len({task.lesson for task in TASKS}) > 10
    for task in TASKS:
        assert task.command.strip() and task.expectation, task


def test_a_command_without_a_promise_is_found():
    for text in (
        '<section id="a"><div class="do"><code>ls</code></div></section>',
        '<section id="a"><div class="do"><code>ls</code></div><div class="see"><samp>x</samp></div></section>',
        '<section id="a"><div class="see" data-expect="x"></div></section>',
    ):
        assert lessons.read(text)[1], text


def test_a_promise_that_is_not_kept_is_found():
    task = lessons.Task("a", "ls", "^total 3$", 0, 'row 17  of "…"')

    assert task.unmet('total 3\nrow 4 of "it"') == []
    assert len(task.unmet("total 30")) == 2


@pytest.mark.timeout(900)
def test_every_lesson_shows_what_it_promises(local, terminal, own_places):
    for task in TASKS:
        command = own_places(task.command)
        deadline = time.monotonic() + task.within_seconds
        output = terminal.run(command)
        while task.unmet(output) and time.monotonic() < deadline:
            output = terminal.run(command)
        assert not task.unmet(output), f"{task.lesson}\n{command}\n{output}\nexpected {task.unmet(output)}"
    terminal.close()
    local.expect_nothing_left()
