#!/usr/bin/env python3
"""Holds the house's walls: who may include whom, and which library lives where.

include_rules.py [PROJECT]   prints every broken rule and exits 1 when there is one;
                             files longer than we aim for are warnings.
"""

import pathlib
import posixpath
import re
import sys

ROOMS = ("actors", "http", "kafka", "db", "config", "deploy", "tests")

# A library, how its includes begin, and the places that may use it. A place is
# a folder with all below it (`db/`), or a pattern of file names (`a/b*.cpp`).
# Places behind `!` are taken out again.
LIBRARIES = (
    ("CAF", r"caf/", ("actors/", "!actors/model/", "!actors/ports/", "deploy/", "tests/")),
    ("librdkafka", r"(librdkafka/|rdkafka)", ("kafka/", "tests/kafka/", "tests/fixtures/", "tests/bench/")),
    ("libpqxx", r"pqxx/", ("db/", "tests/db/", "tests/fixtures/", "tests/bench/")),
    ("libpq", r"(libpq-fe|libpq/|postgresql/)", ("db/", "tests/db/", "tests/fixtures/", "tests/bench/")),
    ("Beast", r"boost/beast", ("http/", "tests/http/", "tests/fixtures/", "tests/bench/")),
    ("Asio", r"boost/asio", ("http/", "actors/asio_scheduler.*", "deploy/", "tests/")),
    ("simdjson", r"simdjson", ("actors/model/review_json*.cpp", "tests/model/", "tests/bench/")),
    ("toml++", r"toml\+\+/", ("config/",)),
    ("CLI11", r"CLI/", ("config/", "deploy/reviewctl/")),
    ("spdlog", r"spdlog/", ("actors/model/log*.cpp",)),
)

# A folder's rule is that of its longest prefix here: what of ours it may include.
PARAMS = ("actors/params.hpp", "http/params.hpp", "kafka/params.hpp", "db/params.hpp")
FOLDERS = {
    "actors/model/": ("actors/model/", "actors/ports/"),
    "actors/ports/": ("actors/ports/", "actors/model/"),
    "actors/": ("actors/",),
    "http/": ("http/", "actors/model/", "actors/ports/", "actors/ask.hpp"),
    "kafka/": ("kafka/", "actors/model/", "actors/ports/"),
    "db/": ("db/", "actors/model/", "actors/ports/"),
    "config/": ("config/", "actors/model/", *PARAMS),
    "deploy/": ("deploy/", "config/", "http/", "kafka/", "db/", "actors/"),
    "tests/": tuple(f"{room}/" for room in ROOMS),
}

LINES_MAX = {".hpp": 150, ".cpp": 300, ".py": 300, ".sh": 300}

_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def is_in(path, places):
    """Whether `path` lies in one of the places."""

    def lies_in(place):
        return path.startswith(place) if place.endswith("/") else pathlib.PurePath(path).match(place)

    return any(lies_in(place) for place in places if place[0] != "!") and not any(
        lies_in(place[1:]) for place in places if place[0] == "!"
    )


def sources(project):
    """{path relative to the project: text} of every source and header of ours."""
    found = {}
    for room in ROOMS:
        for path in sorted((project / room).rglob("*")):
            if path.suffix in (".cpp", ".hpp"):
                found[path.relative_to(project).as_posix()] = path.read_text(encoding="utf-8")
    return found


def includes_of(path, text, known):
    """What a source includes; ours as paths from the project's root, also when written relatively."""
    for name in _INCLUDE.findall(_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)):
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        yield beside if name not in known and beside in known else name


def rule_of(path):
    """The places that a file of ours may include from."""
    return FOLDERS[max((folder for folder in FOLDERS if path.startswith(folder)), key=len)]


def broken_rules(files):
    """Every include that a wall forbids, as `file: expected ..., got ...`."""
    broken = []
    for path, text in files.items():
        for name in includes_of(path, text, files):
            room = name.split("/")[0]
            if room in ROOMS and "/" in name and not is_in(name, rule_of(path)):
                broken.append(f"{path}: expected includes from {', '.join(rule_of(path))}, got {name}")
            for library, beginning, places in LIBRARIES:
                if re.match(beginning, name) and not is_in(path, places):
                    broken.append(f"{path}: expected {library} in {', '.join(places)} only, got {name}")
    return broken


def cycles(files):
    """Every circle of includes, as one line."""
    graph = {path: [name for name in includes_of(path, text, files) if name in files] for path, text in files.items()}
    found, done = [], set()

    def visit(path, way):
        if path in way:
            found.append("includes: expected no circle, got " + " -> ".join([*way[way.index(path) :], path]))
        elif path not in done:
            for name in graph[path]:
                visit(name, [*way, path])
            done.add(path)

    for path in graph:
        visit(path, [])
    return found


def too_long(project):
    """Files longer than we aim for: warnings."""
    warnings = []
    for room in ROOMS:
        for path in sorted((project / room).rglob("*")):
            limit = LINES_MAX.get(path.suffix)
            if limit and path.is_file():
                lines = path.read_text(encoding="utf-8").count("\n")
                if lines > limit:
                    warnings.append(f"{path.relative_to(project)}: expected up to {limit} lines, got {lines}")
    return warnings


def main(arguments):
    project = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parents[2]
    files = sources(project)
    if not files:
        print(f"{project}: expected sources, got none")
        return 1
    for warning in too_long(project):
        print(f"warning: {warning}")
    broken = broken_rules(files) + cycles(files)
    print("\n".join([*broken, f"{len(files)} files read, {len(broken)} rules broken"]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
