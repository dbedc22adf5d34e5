"""What http/openapi.json promises, and what an answer breaks of it.

Stricter than the document: members that it does not name are mistakes here, and so is a request that it and the
server judge differently.
"""

import datetime
import functools
import json
import re

import jsonschema

from .places import PROJECT

PATH = PROJECT / "http/openapi.json"
PROBLEM = "application/problem+json"
# What is wrong with the bytes is said before anybody looks at method and path.
PROTOCOL_STATUSES = {400, 408, 414, 417, 429, 431, 501, 503, 505}
METHODS = ("get", "post", "put", "patch", "delete", "options", "head", "trace")

_formats = jsonschema.FormatChecker(formats=["uuid"])
_Judge = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int),
)


@_formats.checks("date-time", raises=ValueError)
def _is_date_time(value):
    return not isinstance(value, str) or bool(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))


class Interface:
    """An OpenAPI document without references, its objects closed."""

    def __init__(self, document):
        self._document = document
        self.paths = self._resolved(document["paths"])
        self.components = self._resolved(document["components"])
        self._templates = [(_pattern_of(path), path) for path in sorted(self.paths, key=lambda path: path.count("{"))]

    def _resolved(self, value):
        if isinstance(value, list):
            return [self._resolved(item) for item in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            siblings = {name: item for name, item in value.items() if name != "$ref"}
            return {**self._resolved(self._at(value["$ref"])), **siblings}
        made = {name: self._resolved(item) for name, item in value.items()}
        if made.get("type") == "object" and "properties" in made:
            made.setdefault("additionalProperties", False)
        if isinstance(made.get("pattern"), str):
            made["pattern"] = re.sub(r"\$\Z", r"\\Z", made["pattern"])  # in Python, $ also stands before a line's end
        return made

    def _at(self, reference):
        value = self._document
        for name in reference.removeprefix("#/").split("/"):
            value = value[name.replace("~1", "/").replace("~0", "~")]
        return value

    def routes(self):
        """{path: its methods in capitals}"""
        return {path: {name.upper() for name in item if name in METHODS} for path, item in self.paths.items()}

    def path_of(self, target):
        """The template of a request's target; None when there is none."""
        path = target.partition("?")[0]
        return next((template for pattern, template in self._templates if pattern.fullmatch(path)), None)

    def mistakes(self, method, target, headers, body, answer):
        """What `answer` (`status`, `headers` in lower case, `body`) breaks."""
        template = self.path_of(target)
        if template is None:
            return self._of_no_route(answer, 404, "NotFound")
        documented = "GET" if method == "HEAD" else method
        if documented not in self.routes()[template]:
            return self._of_no_route(answer, 405, "MethodNotAllowed")
        operation = self.paths[template][documented.lower()]
        response = operation["responses"].get(str(answer.status))
        if response is None:
            return [f"status: expected one of {sorted(operation['responses'])}, got {answer.status}"]
        found = self._of_response(response, answer, method == "HEAD")
        return found + self._of_request(operation, headers, body, answer)

    def mistakes_of_event(self, fields):
        """The same for an event of /v1/events: {name of a field: its text}."""
        stream = self.paths["/v1/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]
        kinds = {kind["properties"]["event"]["const"]: kind for kind in stream["schema"]["oneOf"]}
        kind = kinds.get(fields.get("event"))
        if kind is None:
            return [f"event: expected one of {sorted(kinds)}, got {fields.get('event')}"]
        payload = kind["properties"]["data"]["contentSchema"]
        return mistakes_of(kind, fields, "event") + mistakes_of(payload, json.loads(fields["data"]), "data")

    def _of_no_route(self, answer, status, name):
        if answer.status == status:
            return self._of_response(self.components["responses"][name], answer, not answer.body)
        return [] if answer.status in PROTOCOL_STATUSES else [f"status: expected {status}, got {answer.status}"]

    def _of_response(self, response, answer, is_head):
        found = []
        for name, header in response.get("headers", {}).items():
            value = answer.headers.get(name.lower())
            if value is not None:
                found += mistakes_of(header["schema"], _read_text(header["schema"], value), name)
            elif header.get("required"):
                found.append(f"{name}: expected it, got none")
        content = response.get("content", {})
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if not content:
            return found + ([] if not answer.body else ["body: expected none, got one"])
        if kind not in content:
            return found + [f"Content-Type: expected one of {sorted(content)}, got {kind}"]
        return found if is_head or answer.body is None else found + self._of_body(content[kind]["schema"], kind, answer)

    def _of_body(self, schema, kind, answer):
        if not kind.endswith("json"):
            return mistakes_of(schema, answer.body.decode(), "body")
        value = json.loads(answer.body)
        found = mistakes_of(schema, value, "body")
        if kind == PROBLEM and value.get("instance") != answer.headers.get("x-request-id"):
            found.append("instance: expected the X-Request-Id, got another one")
        return found

    def _of_request(self, operation, headers, body, answer):
        """The document must not refuse what was taken, nor allow what was refused for what it says."""
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        content = operation.get("requestBody", {}).get("content", {})
        if answer.status < 300:
            found = [] if not content or kind in content else [f"Content-Type: expected it documented, got {kind}"]
            for parameter in operation.get("parameters", []):
                value = headers.get(parameter["name"].lower()) if parameter["in"] == "header" else None
                if value is not None:
                    found += mistakes_of(parameter["schema"], _read_text(parameter["schema"], value), parameter["name"])
        else:
            found = []
        if not kind.endswith("/json") or kind not in content or "content-encoding" in headers:
            return found
        if answer.status < 300:
            return found + mistakes_of(content[kind]["schema"], json.loads(body), "request")
        if answer.status == 422 and not self._is_wrong(content[kind]["schema"], headers, body):
            found.append("request: expected 2xx as the document has it, got 422")
        return found

    @staticmethod
    def _is_wrong(schema, headers, body):
        """By the schema, or by one of the rules that a schema cannot say."""
        repeated = []

        def members(pairs):
            repeated.extend(pairs if len(dict(pairs)) < len(pairs) else [])
            return dict(pairs)

        value = json.loads(body, object_pairs_hook=members)
        has_surrogate = re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False)) is not None
        is_bound = "idempotency-key" in headers and "review_id" in value
        return bool(repeated or has_surrogate or is_bound or mistakes_of(schema, value, "request"))


def _pattern_of(template):
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", template)))


def _read_text(schema, text):
    """The value of a header field or a parameter."""
    return int(text) if schema.get("type") == "integer" and re.fullmatch("-?[0-9]+", text) else text


def mistakes_of(schema, value, subject):
    """What of `value` is not as a schema of an `Interface` has it."""
    errors = map(_innermost, _Judge(schema, format_checker=_formats).iter_errors(value))
    return [f"{subject}{error.json_path[1:]}: {error.message[:300]}" for error in errors]


def _innermost(error):
    return jsonschema.exceptions.best_match([error])


@functools.cache
def public():
    """The producer's public port."""
    return Interface(json.loads(PATH.read_text(encoding="utf-8")))


_seen = []
SEEN_MAX = 20


def watch(method, target, headers, body, answer):
    """Notes what an answer of the public port breaks; any thread may call it."""
    names = {name.lower(): value for name, value in (headers or {}).items()}
    what = f"{method} {target} -> {answer.status} {(answer.body or b'')[:500]!r}"
    _note(what, public().mistakes(method, target, names, body, answer))


def watch_event(fields):
    """The same for an event of /v1/events: {name of a field: its text}."""
    _note(f"event {fields}", public().mistakes_of_event(fields))


def _note(what, mistakes):
    for mistake in mistakes:
        if len(_seen) < SEEN_MAX:
            _seen.append(f"{what}: {mistake}")


def take_seen():
    """What was noted since the last call."""
    found = _seen[:]
    del _seen[: len(found)]
    return found
