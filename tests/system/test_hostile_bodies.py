"""Nothing that a client sends harms the producer or reaches the topic."""

from support.hostile import hostile_requests
from support.http_client import in_parallel

MEMBERS = {"type", "title", "status", "detail", "instance"}


def assert_refused(answer, request):
    assert 400 <= answer.status < 500, (request, answer)
    problems = [answer.json()]
    if "results" in problems[0]:  # a batch whose lines all failed alike
        assert problems[0]["accepted"] == 0
        problems = problems[0]["results"]
    else:
        assert answer.headers["content-type"].split(";")[0] == "application/problem+json", (request, answer)
        assert problems[0]["instance"] == answer.headers["x-request-id"]
        assert problems[0]["status"] == answer.status
    for problem in problems:
        assert MEMBERS - {"instance"} <= problem.keys(), (request, problem)
        assert 400 <= problem["status"] < 500


def post_all(producer, requests):
    def post(own):
        for request in own:
            with producer.client() as client:
                assert_refused(client.post(*request), request)

    in_parallel(post, [requests[hand::16] for hand in range(16)])


def test_10000_hostile_bodies_are_refused_and_memory_stays_flat(stack):
    producer = stack.started_producer()
    stack.started_consumer()
    post_all(producer, list(hostile_requests(1000, seed=1)))
    before = producer.resident_bytes()

    post_all(producer, list(hostile_requests(10000, seed=2)))

    assert producer.resident_bytes() - before < 8 << 20
    assert producer.is_running()
    assert sum(stack.topic.end_offsets().values()) == 0
    assert stack.database.review_count() == 0
    with producer.client() as client:
        assert client.post({"vendor_id": "v", "author": "a", "rating": 3}).status == 202


def test_all_mistakes_are_named_at_once(stack):
    producer = stack.started_producer()

    with producer.client() as client:
        answer = client.post({"vendor_id": "a b", "author": " ", "rating": 9, "stars": 5})

    assert answer.status == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/vendor_id", "/author", "/rating", "/stars"}
    rating = next(error for error in answer.json()["errors"] if error["pointer"] == "/rating")
    assert rating["detail"] == "expected an integer from 1 to 5, got 9"
