"""`reviewctl verify` proves what is always true, or says what is not."""

import uuid

import pytest

from support.samples import dealt_by_vendor, make_reviews

VENDOR = "vendor-000"


@pytest.fixture
def stored(unverified_stack):
    """A stack with 600 reviews stored and a `verify` that found nothing."""
    producer = unverified_stack.started_producer()
    unverified_stack.started_consumer()
    producer.post_all_in_batches(dealt_by_vendor(make_reviews(600, vendors=20), 4), lines_max=100)
    unverified_stack.wait_until_caught_up()
    unverified_stack.reviewctl_ok("verify")
    return unverified_stack


def assert_disproved(stack, *words, wait="10s"):
    done = stack.reviewctl("verify", "--wait", wait)
    text = done.stdout + done.stderr
    assert done.returncode not in (0, 69, 70, 78), text
    for word in words:
        assert str(word) in text, text


def test_a_missing_row_is_found(stored):
    row = stored.database.reviews_of(VENDOR)[3]
    assert stored.database.execute("delete from reviews where review_id = %s::uuid", str(row["review_id"])) == 1

    assert_disproved(stored, row["review_id"])


def test_a_missing_row_is_found_also_when_ratings_agree(stored):
    row = stored.database.reviews_of(VENDOR)[3]
    stored.database.execute("delete from reviews where review_id = %s::uuid", str(row["review_id"]))
    stored.database.execute(
        f"""update vendor_ratings set rating_count = rating_count - 1, rating_sum = rating_sum - %s,
            count_{row["rating"]} = count_{row["rating"]} - 1 where vendor_id = %s""",
        row["rating"],
        VENDOR,
    )

    assert_disproved(stored, row["review_id"])


def test_a_row_that_no_record_explains_is_found(stored):
    planted = str(uuid.uuid4())
    stored.database.execute(
        """insert into reviews select %s::uuid, vendor_id, author, rating, title, text, created_at, stored_at,
           topic_partition, topic_offset from reviews where vendor_id = %s limit 1""",
        planted,
        VENDOR,
    )

    assert_disproved(stored, planted)


def test_a_wrong_rating_of_a_vendor_is_found(stored):
    stored.database.execute(
        """update vendor_ratings set rating_sum = rating_sum + 1, count_1 = count_1 - 1, count_2 = count_2 + 1
            where vendor_id = %s""",
        VENDOR,
    )

    assert_disproved(stored, VENDOR)


def test_a_missing_rating_of_a_vendor_is_found(stored):
    stored.database.execute("delete from vendor_ratings where vendor_id = %s", VENDOR)

    assert_disproved(stored, VENDOR)


def test_a_changed_review_is_found(stored):
    row = stored.database.reviews_of(VENDOR)[0]
    stored.database.execute(
        "update reviews set rating = rating %% 5 + 1 where review_id = %s::uuid", str(row["review_id"])
    )

    assert_disproved(stored, row["review_id"])


def test_a_backlog_is_a_gap(stored):
    for program in stored.programs:
        if program.name.startswith("reviews-consumer"):
            assert program.stop() == 0
    producer = stored.started_producer()
    with producer.client() as client:
        receipt = client.post({"vendor_id": "late", "author": "a", "rating": 5}).json()

    assert_disproved(stored, "not_caught_up", f"partition={receipt['partition']} lag=1", wait="1s")


def test_load_posts_and_reports(stored):
    producer = stored.started_producer()
    before = stored.database.review_count()

    done = stored.reviewctl_ok(
        "load", "--url", f"http://127.0.0.1:{producer.port}", "--reviews", 2000, "--vendors", 50
    )

    text = done.stdout + done.stderr
    assert "2000" in text.replace(",", "") and "p99" in text
    stored.wait_until_caught_up()
    assert stored.database.review_count() == before + 2000
    stored.reviewctl_ok("verify")
