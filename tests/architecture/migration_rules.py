#!/usr/bin/env python3
"""Holds the schema's way: migrations only expand, then contract, and none is changed once it is written.

migration_rules.py [PROJECT]   prints every broken rule and exits 1 when there is one.
"""

import hashlib
import pathlib
import re
import sys

SUMS = "SHA256SUMS"

# The first line says what a migration does; `contract` also names the first migration whose programs no longer use
# what is taken away.
_EXPAND = re.compile(r"-- expand: \S")
_CONTRACT = re.compile(r"-- contract, unused since (\d+): \S")

# What breaks a program that was built before the migration, statement by statement.
_TAKES_AWAY = re.compile(
    r"\b(drop\s+(table|column|view|type|index|schema)|rename|truncate|delete\s+from|set\s+not\s+null"
    r"|alter\s+(column\s+)?\w+\s+(set\s+data\s+)?type|add\s+(constraint|check|unique|primary|foreign))\b"
)
_ADDS_COLUMN = re.compile(r"\badd\s+column\b[^,;]*")


def broken_rules(files, sums):
    """`files`: {name: bytes} of db/schema/*.sql; `sums`: the text of SHA256SUMS."""
    broken = []
    for name, content in sorted(files.items()):
        match = re.fullmatch(r"(\d{3})_\w+\.sql", name)
        if not match:
            broken.append(f"{name}: expected a name like 012_words.sql")
            continue
        broken += [f"{name}: expected {what}" for what in _broken_in(int(match[1]), content.decode())]
    listed = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    if sums != listed:
        broken.append(f"{SUMS}: expected the sum of every migration, unchanged since it was written, and no other")
    return broken


def _broken_in(version, text):
    first_line = text.split("\n", 1)[0]
    if contract := _CONTRACT.match(first_line):
        oldest_served = (version // 100 - 1) * 100
        if int(contract[1]) > oldest_served:
            yield f"nothing that programs of {oldest_served} use to be taken away, got {first_line!r}"
    elif _EXPAND.match(first_line):
        yield from (f"an expansion to take nothing away, got {taken!r}" for taken in _taken_away(text))
    else:
        yield f"`-- expand: WHAT` or `-- contract, unused since NNN: WHAT` first, got {first_line!r}"


def _taken_away(text):
    sql = re.sub(r"--[^\n]*", "", text).lower()
    yield from (match[0] for match in _TAKES_AWAY.finditer(sql))
    for match in _ADDS_COLUMN.finditer(sql):
        if "not null" in match[0] and "default" not in match[0]:
            yield match[0]


def main(arguments):
    project = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parents[2]
    schema = project / "db/schema"
    files = {path.name: path.read_bytes() for path in schema.glob("*.sql")}
    broken = broken_rules(files, (schema / SUMS).read_text()) if files else ["db/schema: expected migrations, got none"]
    for each in broken:
        print(each)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
