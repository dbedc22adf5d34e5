"""Waiting for conditions; no test sleeps for a guess."""

import time


def wait_until(condition, seconds, what):
    """Returns condition()'s first true value; fails when `seconds` pass without one."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what}: expected within {seconds} s, last got {value!r}")
        time.sleep(0.02)
