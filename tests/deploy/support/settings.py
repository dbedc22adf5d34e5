"""The programs' settings as config/*.toml gives them."""

import functools
import re
import tomllib

from .places import PROJECT


@functools.lru_cache(maxsize=None)
def text(program):
    return (PROJECT / f"config/{program}.toml").read_text()


def defaults(program):
    return tomllib.loads(text(program))


def seconds(duration):
    """Of a whole number of seconds such as "25s"."""
    return int(re.fullmatch(r"(\d+)s", duration)[1])


def hot_keys(program):
    """The keys that SIGHUP changes, as the comments above them say."""
    found, table, hot = set(), "", False
    for line in text(program).splitlines():
        if line.startswith("["):
            table = line.strip("[]")
        elif line.startswith("#"):
            hot = line.endswith("[hot]")
        elif "=" in line and hot:
            found.add(f"{table}.{line.partition('=')[0].strip()}")
    return found


def flat(tables, prefix=""):
    """Every `table.key` of a TOML document with its value."""
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
