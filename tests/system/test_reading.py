"""What was stored is read back: reviews, pages, ratings; and what happens without a database."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

from support.places import free_port
from support.reading import ReadingInBackground, pages_of, wait_until_read
from support.samples import by_vendor, dealt_by_vendor, make_reviews
from support.waiting import wait_until

REVIEW = {"vendor_id": "cafe-uno", "author": "Zoë ☕", "rating": 4, "title": "Très bon", "text": 'a "quote" \\'}
RATING = "/v1/vendors/cafe-uno/rating"


@pytest.fixture
def producer(stack):
    return stack.started_producer()


def assert_unavailable(answer):
    assert answer.status == 503, answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) >= 1
    problem = answer.json()
    assert (problem["status"], problem["instance"]) == (503, answer.headers["x-request-id"])
    assert "5432" not in problem["detail"] and "127.0.0.1" not in problem["detail"]


def test_a_review_is_there_once_it_is_stored(stack, producer):
    with producer.client() as client:
        receipt = client.post(REVIEW).json()
        target = f"/v1/reviews/{receipt['review_id']}"
        before = client.get(target)
        stack.started_consumer()
        after = wait_until_read(client, target)
        again = client.request("GET", target, headers={"If-None-Match": after.headers["etag"]})
        head = client.request("HEAD", target)

    assert (before.status, before.headers["cache-control"]) == (404, "no-store")
    shown = after.json()
    stored_at = shown.pop("stored_at")
    assert shown == {
        **REVIEW,
        **{key: receipt[key] for key in ("review_id", "partition", "offset", "created_at")},
    }
    assert receipt["created_at"] <= stored_at
    assert "immutable" in after.headers["cache-control"]
    assert (again.status, again.body) == (304, b"")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(after.body))


def test_ratings_and_pages_equal_the_reviews(stack, producer):
    reviews = make_reviews(2000, vendors=20, seed=3)
    stack.started_consumer()
    producer.post_all_in_batches(dealt_by_vendor(reviews, 8), lines_max=50)
    stack.wait_until_caught_up()

    with producer.client() as client:
        for vendor, posted in by_vendor(reviews).items():
            counts = Counter(review["rating"] for review in posted)
            rating = client.get(f"/v1/vendors/{vendor}/rating").json()
            assert rating.pop("rating_value") == pytest.approx(
                sum(review["rating"] for review in posted) / len(posted), abs=0.00501
            )
            assert rating == {
                "vendor_id": vendor,
                "rating_count": len(posted),
                "best_rating": 5,
                "worst_rating": 1,
                "histogram": {str(stars): counts[stars] for stars in range(1, 6)},
            }
            shown = list(pages_of(client, vendor, 7))
            assert sorted(review["title"] for review in shown) == sorted(review["title"] for review in posted)
            places = [(review["created_at"], review["review_id"]) for review in shown]
            assert places == sorted(places, reverse=True)


def test_pages_stay_stable_while_reviews_come_in(stack, producer):
    stack.started_consumer()
    numbers = itertools.count()

    def batch(lines):
        return [{"vendor_id": "busy", "author": "a", "rating": 5, "title": str(next(numbers))} for _ in range(lines)]

    with producer.client() as client, producer.client() as other:
        before = [receipt["review_id"] for _ in range(6) for receipt in other.post_batch(batch(50)).json()["results"]]
        stack.wait_until_caught_up()

        def store_more():
            assert other.post_batch(batch(20)).status == 202
            stack.wait_until_caught_up()

        shown = Counter(review["review_id"] for review in pages_of(client, "busy", 20, between=store_more))

    assert set(shown.values()) == {1}
    assert set(before) <= set(shown)
    assert stack.database.review_count() > len(before) + 20


def test_reads_fail_at_once_and_posts_go_on_without_postgres(stack, producer, postgres):
    consumer = stack.started_consumer()
    targets = [RATING, "/v1/vendors/cafe-uno/reviews"]
    with producer.client() as client:
        receipt = client.post(REVIEW).json()
        targets.append(f"/v1/reviews/{receipt['review_id']}")
        wait_until_read(client, targets[-1])

        postgres.kill()
        try:
            for target in targets * 20:
                answer = client.get(target)
                assert_unavailable(answer)
                assert answer.seconds < 2
            later = client.post(REVIEW)
            assert later.status == 202
            assert producer.is_ready()
            assert producer.metric("reviews_read_failures_total", reason="unavailable") >= 60
        finally:
            postgres.start()

        wait_until_read(client, f"/v1/reviews/{later.json()['review_id']}")
        assert client.get(RATING).json()["rating_count"] == 2
    assert consumer.is_running()
    assert producer.metric("reviews_supervisor_restarts_total") == 0


def test_a_restart_of_postgres_that_nobody_noticed_fails_no_read(stack, producer, postgres):
    with producer.client() as client:
        assert [client.get(RATING).status for _ in range(8)] == [200] * 8  # both readers are connected
        postgres.stop()
        postgres.start()

        assert [client.get(RATING).status for _ in range(8)] == [200] * 8


def test_a_producer_whose_database_never_was_there_is_ready_and_posts(stack):
    nowhere = f"postgresql://reviews@127.0.0.1:{free_port()}/reviews"
    producer = stack.started_producer(REVIEWS_DATABASE_URL=nowhere)

    with producer.client() as client:
        assert client.post(REVIEW).status == 202
        assert_unavailable(client.get(RATING))


def test_reads_are_turned_away_with_a_wrong_password_and_posts_go_on(stack, postgres):
    database = stack.database.url.rsplit("/", 1)[1]
    producer = stack.started_producer(REVIEWS_DATABASE_URL=postgres.url(database, password="wrong"))

    with producer.client() as client:
        answer = client.get(RATING)
        assert client.post(REVIEW).status == 202

    assert_unavailable(answer)
    assert "password" not in answer.json()["detail"]
    assert any("28P01" in event["reason"] for event in producer.events("database_away"))
    assert producer.is_running()


def test_no_more_reads_than_allowed_wait_for_the_database(stack):
    producer = stack.started_producer(REVIEWS_BACKPRESSURE_READS_IN_FLIGHT_MAX="2")
    locked = psycopg2.connect(stack.database.url)
    try:
        locked.cursor().execute("lock table vendor_ratings in access exclusive mode")
        with ThreadPoolExecutor(2) as threads, producer.client() as client:

            def read():
                with producer.client() as own:
                    return own.get(RATING)

            held = [threads.submit(read) for _ in range(2)]
            wait_until(lambda: producer.metric("reviews_reads_in_flight") == 2, 5, "two reads under way")
            surplus = client.get(RATING)
            assert surplus.status == 503
            assert surplus.json()["type"] == "/problems/overloaded"
            assert producer.metric("reviews_reads_in_flight_max") == 2
            locked.rollback()
            assert [each.result().status for each in held] == [200, 200]
            assert client.get(RATING).status == 200
    finally:
        locked.close()


def test_readers_change_under_load(stack, producer):
    stack.started_consumer()
    with producer.client() as client:
        receipt = client.post(REVIEW).json()
        wait_until_read(client, f"/v1/reviews/{receipt['review_id']}")

    targets = [RATING, "/v1/vendors/cafe-uno/reviews", f"/v1/reviews/{receipt['review_id']}"]
    with ReadingInBackground(producer, targets) as reading:
        for readers in (5, 1, 3, 2):
            event = producer.reload({"pool.readers": readers})
            assert event["changed"] == "[pool.readers]"
            assert producer.pools()["readers"] == readers
            assert producer.metric("reviews_pool_size", pool="readers") == readers
            reading.wait_for_more()

    assert set(reading.statuses) == {200}
    assert producer.metric("reviews_supervisor_restarts_total") == 0


def test_what_is_no_question_is_told_so(producer):
    with producer.client() as client:
        answers = {
            target: client.get(target)
            for target in (
                "/v1/reviews/no-uuid",
                "/v1/vendors/caf%C3%A9/rating",
                "/v1/vendors/cafe-uno/reviews?limit=500",
                "/v1/vendors/cafe-uno/reviews?cursor=rubbish",
            )
        }
        html = client.request("GET", RATING, headers={"Accept": "text/html"})
        deleted = client.request("DELETE", RATING)

    assert [answer.status for answer in answers.values()] == [404, 422, 400, 400]
    assert all(answer.headers["content-type"] == "application/problem+json" for answer in answers.values())
    assert [each["pointer"] for each in answers["/v1/vendors/caf%C3%A9/rating"].json()["errors"]] == ["/vendor_id"]
    limit = answers["/v1/vendors/cafe-uno/reviews?limit=500"].json()
    assert limit["detail"] == "limit: expected 1..100, got 500"
    assert html.status == 406
    assert (deleted.status, deleted.headers["allow"]) == (405, "GET, HEAD")
