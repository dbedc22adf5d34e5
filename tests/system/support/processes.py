"""Child processes that are always stopped, with their output in a file."""

import os
import pathlib
import signal
import subprocess

from .waiting import wait_until


class Process:
    """One run of a command at a time; stop and start again keep the log."""

    def __init__(self, name, command, log_dir, environment=None, stop_signal=signal.SIGTERM):
        self.name = name
        self.command = [str(word) for word in command]
        self.log_path = log_dir / f"{name}.log"
        self.environment = environment or {}
        self.stop_signal = stop_signal
        self._child = None

    def start(self):
        assert not self.is_running(), f"{self.name}: expected it stopped"
        with open(self.log_path, "ab") as log:
            self._child = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    @property
    def pid(self):
        return self._child.pid

    def is_running(self):
        return self._child is not None and self._child.poll() is None

    def send(self, number):
        """SIGSTOP is waited for: until every thread stands still, answers may still come."""
        self._child.send_signal(number)
        if number == signal.SIGSTOP:
            wait_until(lambda: _stands_still(self.pid), 10, f"{self.name}: stopped")

    def wait_for_exit(self, seconds):
        """The exit status; fails when it does not end in time."""
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name}: expected its end within {seconds} s") from None

    def stop(self, seconds=60):
        """Asks it to end and returns its exit status; None when it was not running."""
        if not self.is_running():
            return None
        self.send(self.stop_signal)
        return self.wait_for_exit(seconds)

    def kill(self):
        """As a power cut: SIGKILL."""
        self.send(signal.SIGKILL)
        self.wait_for_exit(10)

    def end(self):
        """For finalisers: stops it, by force when it does not listen."""
        if self.is_running():
            self.send(self.stop_signal)
            try:
                self._child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._child.pid, signal.SIGKILL)
                self._child.wait(10)

    def wait_for(self, condition, seconds, what):
        """As wait_until, but fails at once when the process ends."""

        def alive_and_true():
            if not self.is_running():
                raise AssertionError(
                    f"{self.name}: ended with {self._child.returncode} before it was {what}\n{self.log_tail()}"
                )
            return condition()

        wait_until(alive_and_true, seconds, f"{self.name}: {what}")

    def resident_bytes(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise AssertionError(f"{self.name}: expected VmRSS in its status")

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_tail(self, lines=40):
        return "\n".join(self.log().splitlines()[-lines:])


def _stands_still(pid):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        state = (task / "stat").read_text().rpartition(")")[2].split()[0]
        if state != "T":
            return False
    return True
