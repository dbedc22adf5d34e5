"""http/openapi.json is valid OpenAPI, and true."""

import copy
import json
import subprocess
import uuid

import pytest

from support import interface
from support.http_client import BATCH, REVIEW, Answer
from support.places import tool

NAMESPACE = uuid.UUID("b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42")
DOCUMENT = json.loads(interface.PATH.read_text(encoding="utf-8"))
PUBLIC = interface.public()
POST = PUBLIC.paths["/v1/reviews"]["post"]


def media_types(value, path=""):
    """(where, media type) of all that have an example."""
    if isinstance(value, dict):
        if "schema" in value and ("example" in value or "examples" in value):
            yield path, value
        for name, item in value.items():
            yield from media_types(item, f"{path}/{name}")


def examples_of(described):
    return [described["example"]] if "example" in described else [item["value"] for item in described["examples"].values()]


def test_the_document_is_valid_openapi():
    done = subprocess.run(
        [tool("openapi-spec-validator"), interface.PATH], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_example_is_one():
    seen = 0
    for where, described in [*media_types(PUBLIC.paths), *media_types(PUBLIC.components)]:
        for example in examples_of(described):
            seen += 1
            assert not interface.mistakes_of(described["schema"], example, where)

    assert seen > 50


def test_every_body_has_an_example():
    bodies = [
        (path, status, kind, described)
        for path, item in PUBLIC.paths.items()
        for operation in item.values()
        for status, response in operation["responses"].items()
        for kind, described in response.get("content", {}).items()
    ]

    without = [each[:3] for each in bodies if not {"example", "examples"} & set(each[3]) and not is_page(each[0])]
    assert not without and len(bodies) > 50


def is_page(path):
    return not path.startswith("/v1/")


def test_every_event_shown_is_one():
    content = PUBLIC.paths["/v1/events"]["get"]["responses"]["200"]["content"]
    shown = {name: each["value"] for name, each in content["text/event-stream"]["examples"].items()}

    assert {event["event"] for event in shown.values()} == {"review", "pipeline"} == set(shown)
    for event in shown.values():
        assert PUBLIC.mistakes_of_event(event) == []
    without_offset = shown["review"]["data"].replace('"offset":0', '"offset":null')
    assert PUBLIC.mistakes_of_event({**shown["review"], "data": without_offset})
    assert PUBLIC.mistakes_of_event({**shown["review"], "id": "7"})
    assert PUBLIC.mistakes_of_event({**shown["review"], "event": "rumour"})


def test_the_example_is_what_its_key_gives():
    draft = POST["requestBody"]["content"][REVIEW]["example"]
    key = next(each["example"] for each in POST["parameters"] if each["name"] == "Idempotency-Key")
    receipt = POST["responses"]["202"]["content"][REVIEW]["examples"]["review"]["value"]

    assert receipt["review_id"] == str(uuid.uuid5(NAMESPACE, f"{draft['vendor_id']}\x1f{key}"))


def test_the_examples_are_answered_as_described(stack):
    producer = stack.started_producer()
    content = POST["requestBody"]["content"]
    headers = {each["name"]: each["example"] for each in POST["parameters"] if each["name"] != "Prefer"}
    shown = {name: each["value"] for name, each in POST["responses"]["202"]["content"][REVIEW]["examples"].items()}

    with producer.client() as client:
        one = client.post(content[REVIEW]["example"], headers=headers)
        many = client.post_batch(content[BATCH]["example"], {"idempotency-key": "order-17"})

    assert (one.status, many.status) == (202, 202)
    assert one.headers["x-request-id"] == headers["X-Request-Id"]
    assert without_times(one.json()) == without_times(shown["review"])
    assert many.json()["accepted"] == shown["batch"]["accepted"]
    for result, expected in zip(many.json()["results"], shown["batch"]["results"], strict=True):
        assert {**without_times(result), "offset": 0} == {**without_times(expected), "offset": 0}


def without_times(receipt):
    return {name: value for name, value in receipt.items() if name != "created_at"}


def test_the_routes_served_are_those_described(stack):
    producer = stack.started_producer(REVIEWS_LOG_LEVEL="debug")

    served = {
        event["route"]: set(event["allow"].split(", ")) - {"HEAD"}
        for event in producer.events("route_served")
        if event["port"] == producer.port
    }

    assert served == PUBLIC.routes()


def test_the_document_is_served(stack):
    producer = stack.started_producer()

    with producer.client() as client:
        answer = client.get("/openapi.json")

    assert answer.status == 200
    assert answer.json() == DOCUMENT


RECEIPT = POST["responses"]["202"]["content"][REVIEW]["examples"]["review"]["value"]
PROBLEM = PUBLIC.components["responses"]["NotFound"]["content"]["application/problem+json"]["example"]
HEADERS = {"content-type": REVIEW, "x-request-id": PROBLEM["instance"], "location": f"/v1/reviews/{RECEIPT['review_id']}"}
DRAFT = {"vendor_id": "v", "author": "a", "rating": 3}


def judged(answered, status=202, headers=None, sent=None, target="/v1/reviews", method="POST", sent_headers=None):
    answer = Answer(status, {**HEADERS, **(headers or {})}, json.dumps(answered).encode())
    request = {"content-type": REVIEW, **(sent_headers or {})}
    return PUBLIC.mistakes(method, target, request, json.dumps(sent or DRAFT).encode(), answer)


def changed(value, **members):
    return {**copy.deepcopy(value), **members}


def not_a_review(**members):
    problem = {**PROBLEM, "type": "/problems/not-a-review", "status": 422, "errors": [{"pointer": "/a", "detail": "b"}]}
    return judged(problem, 422, {"content-type": "application/problem+json"}, {**DRAFT, **members})


def test_a_good_answer_breaks_nothing():
    assert judged(RECEIPT) == []
    assert not_a_review(rating=9) == []
    problem = {"content-type": "application/problem+json"}
    assert judged(PROBLEM, 404, problem, target="/nothing") == []
    wrong_method = {**PROBLEM, "type": "/problems/method-not-allowed", "status": 405}
    assert judged(wrong_method, 405, {**problem, "allow": "POST"}, method="PUT") == []


@pytest.mark.parametrize(
    "what, found",
    [
        ("a member more", lambda: judged(changed(RECEIPT, more=1))),
        ("a member of a wrong type", lambda: judged(changed(RECEIPT, partition=1.0))),
        ("a time without microseconds", lambda: judged(changed(RECEIPT, created_at="2026-11-22T18:47:27Z"))),
        ("a day that is none", lambda: judged(changed(RECEIPT, created_at="2026-02-30T18:47:27.000000Z"))),
        ("a line end behind a value", lambda: judged(changed(RECEIPT, vendor_id="v\n"))),
        ("a status that is not described", lambda: judged(RECEIPT, 204)),
        ("another content type", lambda: judged(RECEIPT, headers={"content-type": "text/plain"})),
        ("a wrong header field", lambda: judged(RECEIPT, headers={"location": "/reviews/1"})),
        ("a status other than the problem's", lambda: judged(PROBLEM, 406, {"content-type": "application/problem+json"})),
        ("an instance other than the request's id", lambda: judged(PROBLEM, 404, {"x-request-id": "x", "content-type": "application/problem+json"}, target="/nothing")),
        ("no Retry-After", lambda: judged({**PROBLEM, "type": "/problems/unavailable", "status": 503}, 503, {"content-type": "application/problem+json"})),
        ("a request taken that is not described", lambda: judged(RECEIPT, sent={**DRAFT, "rating": 6})),
        ("a key taken that is not described", lambda: judged(RECEIPT, sent_headers={"idempotency-key": '"'})),
        ("a request refused that is described", not_a_review),
        ("a route that is not described", lambda: judged(RECEIPT, target="/v1/nothing")),
        ("a method that is not described", lambda: judged(RECEIPT, method="DELETE")),
    ],
)  # fmt: skip
def test_a_mistake_is_found(what, found):
    assert found(), what


def test_a_mistake_fails_the_test_that_sees_it():
    interface.watch("POST", "/v1/reviews", {}, b"", Answer(299, {}, b""))
    interface.watch_event({"event": "rumour"})

    assert [word in seen for word, seen in zip(("299", "rumour"), interface.take_seen(), strict=True)] == [True, True]
