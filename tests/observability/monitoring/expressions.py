"""What a PromQL expression names: metrics, the labels it selects by, those it groups by."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[a-zA-Z_:][\w:]*|\d[\w.]*|=~|!~|!=|\S')
_GROUPING = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_AFTER_FUNCTION = {"(", "by", "without"}
_WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}


@dataclass
class Selector:
    metric: str
    matchers: list = field(default_factory=list)  # of (label, operator, value)

    def takes(self, labels):
        """Whether it selects a series with these labels."""
        return all(_matches(labels.get(label, ""), operator, value) for label, operator, value in self.matchers)


@dataclass
class Expression:
    selectors: list
    grouped_by: set  # labels


def _matches(has, operator, value):
    if operator.endswith("~"):
        return (re.fullmatch(value, has) is not None) == (operator == "=~")
    return (has == value) == (operator == "=")


def read(text):
    """The Expression that `text` is; a function or keyword is never taken for a metric."""
    text = re.sub(r"#.*|\[[^\]]*\]", " ", text)
    tokens = _TOKEN.findall(text) + [""]
    found = Expression([], set())
    place = 0
    while tokens[place]:
        word, follows = tokens[place], tokens[place + 1]
        place += 1
        if word in _GROUPING and follows == "(":
            end = tokens.index(")", place)
            found.grouped_by.update(set(tokens[place + 1 : end]) - {","})
            place = end
        elif re.match(r"[a-zA-Z_:]", word) and follows not in _AFTER_FUNCTION and word not in _GROUPING | _WORDS:
            selector = Selector(word)
            if follows == "{":
                end = tokens.index("}", place)
                inside = [token for token in tokens[place + 1 : end] if token != ","]
                selector.matchers = [
                    (label, operator, value[1:-1])
                    for label, operator, value in zip(inside[::3], inside[1::3], inside[2::3])
                ]
                place = end
            found.selectors.append(selector)
    return found
