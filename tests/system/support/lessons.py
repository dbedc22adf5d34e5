"""The lessons as their reader takes them: what to do, and what to see then."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .places import PROJECT

PATH = PROJECT / "http/page/lessons.html"


@dataclass
class Task:
    """One `do` block and the `see` block behind it."""

    lesson: str
    command: str = ""
    expectation: str | None = None  # a regular expression, `.` and `^` for lines
    within_seconds: int = 0  # the command may be given again so long
    sample: str = ""

    def unmet(self, output):
        """What of the promise `output` does not keep."""
        wanted = [self.expectation, *map(_pattern_of, filter(str.strip, self.sample.splitlines()))]
        return [each for each in wanted if not re.search(each, output, re.MULTILINE | re.DOTALL)]


def _pattern_of(line):
    """A line as shown, but for its numbers, ids and spaces; `…` stands for anything in the line."""
    pattern = ""
    for part in re.split(r"(…|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+ s\b|\d+(?:\.\d+)?|\s+)", line.strip()):
        if part == "…":
            pattern += "[^\n]*"
        elif re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", part):
            pattern += "[0-9a-f-]{36}"
        elif re.fullmatch(r"\d+ s", part):
            pattern += r"(?:\d+ min )?\d+ s"
        elif re.fullmatch(r"\d+(\.\d+)?", part):
            pattern += r"\d+(?:\.\d+)?"
        else:
            pattern += r"\s+" if part.isspace() else re.escape(part)
    return pattern


@dataclass
class _Reader(HTMLParser):
    tasks: list = field(default_factory=list)
    mistakes: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self._lesson = self._within = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        kind = attributes.get("class")
        if tag == "section":
            self._lesson = attributes["id"]
        elif tag == "div" and kind == "do":
            self._expect_answered()
            self.tasks.append(Task(self._lesson))
        elif tag == "div" and kind == "see":
            if not self.tasks or self.tasks[-1].expectation is not None:
                self.mistakes.append(f"{self._lesson}: expected a command before what is seen")
                return
            self.tasks[-1].expectation = attributes.get("data-expect")
            self.tasks[-1].within_seconds = int(attributes.get("data-within", 0))
        elif tag in ("code", "samp"):
            self._within = tag

    def handle_endtag(self, tag):
        if tag in ("code", "samp"):
            self._within = None

    def handle_data(self, data):
        if self._within == "code" and self.tasks and self.tasks[-1].expectation is None:
            self.tasks[-1].command += data
        elif self._within == "samp":
            self.tasks[-1].sample += data

    def close(self):
        super().close()
        self._expect_answered()

    def _expect_answered(self):
        if self.tasks and self.tasks[-1].expectation is None:
            self.mistakes.append(f"{self._lesson}: expected to be told what is seen after: {self.tasks[-1].command}")


def read(text):
    """(tasks in their order, what is wrong with them)"""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.tasks, reader.mistakes
