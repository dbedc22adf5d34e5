"""`reviewctl dlq`: dead letters are listed, shown, replayed and dropped."""

import json
import time
import uuid

import pytest

from support.dead_letter_tools import json_lines, review_value
from support.waiting import wait_until

PLANTED = "alter table reviews add constraint planted check (vendor_id <> 'forbidden')"
MENDED = "alter table reviews drop constraint planted"


def letters(stack, *arguments):
    return json_lines(stack.reviewctl_ok("dlq", "list", "--json", *arguments))


def write_poison(stack, count, partition=2):
    """Records that are no JSON: [(partition, offset)]"""
    return [stack.topic.write(b"v", b"poison %d" % number, partition=partition) for number in range(count)]


@pytest.fixture
def poisoned(stack):
    """A stack with three kinds of dead letters, five in all; its consumer works."""
    stack.started_consumer()
    write_poison(stack, 3)
    stack.topic.write(b"cafe-uno", review_value(vendor_id="cafe-uno", rating=9), [("schema", b"review/1")], partition=4)
    stack.topic.write(b"\x1b[2J", None, partition=5)
    stack.wait_until_caught_up()
    return stack


def test_letters_are_listed_with_reason_and_origin(poisoned):
    listed = letters(poisoned)

    assert [letter["state"] for letter in listed] == ["open"] * 5
    assert [letter["attempts"] for letter in listed] == [1] * 5
    (bad_rating,) = [letter for letter in listed if letter["reason"] == "not_a_review"]
    assert (bad_rating["topic"], bad_rating["partition"], bad_rating["offset"]) == (poisoned.topic_name, 4, 0)
    assert (bad_rating["vendor_id"], bad_rating["stage"]) == ("cafe-uno", "validate")
    assert sorted(letter["written_at"] for letter in listed) == [letter["written_at"] for letter in listed]
    table = poisoned.reviewctl_ok("dlq", "list").stdout
    assert bad_rating["id"] in table and "not_a_review" in table and "4:0" in table and "\x1b" not in table


def test_filters_narrow_the_list(poisoned):
    assert len(letters(poisoned, "--reason", "not_json")) == 3
    assert len(letters(poisoned, "--reason", "not_json", "--reason", "null_value")) == 4
    assert len(letters(poisoned, "--vendor", "cafe-uno")) == 1
    assert [letter["offset"] for letter in letters(poisoned, "--partition", 2, "--offset", 1)] == [1]
    assert len(letters(poisoned, "--since", "1h")) == 5
    assert letters(poisoned, "--until", "1h") == []
    assert len(letters(poisoned, "--limit", 2)) == 2
    third = letters(poisoned)[2]["written_at"]
    before, after = letters(poisoned, "--until", third), letters(poisoned, "--since", third)
    assert len(before) + len(after) == 5 and len(before) <= 2
    assert poisoned.reviewctl("dlq", "list", "--since", "yesterday").returncode == 64


def test_a_letter_is_shown_whole_and_safe_for_a_terminal(poisoned):
    ids = {letter["reason"]: letter["id"] for letter in letters(poisoned)}

    text = poisoned.reviewctl_ok("dlq", "show", ids["not_a_review"]).stdout
    null = poisoned.reviewctl_ok("dlq", "show", ids["null_value"]).stdout
    (shown,) = json_lines(poisoned.reviewctl_ok("dlq", "show", ids["not_a_review"], "--json"))

    assert "rating" in text and '"vendor_id": "cafe-uno"' in text and "schema" in text
    assert "hex:1b5b324a" in null and "(null)" in null and "\x1b" not in null
    assert json.loads(shown["value"])["rating"] == 9
    assert {"name": "schema", "value": "review/1"} in shown["headers"]
    missing = poisoned.reviewctl("dlq", "show", "5:999")
    assert missing.returncode == 1 and "5:999: expected a dead letter" in missing.stderr


def test_a_replay_after_the_cause_is_mended_stores_everything_once(stack):
    stack.started_consumer()
    stack.database.execute(PLANTED)
    ids = [str(uuid.uuid4()) for _ in range(5)]
    for number, review_id in enumerate(ids):
        stack.topic.write(b"forbidden", review_value(review_id=review_id, vendor_id="forbidden", title=str(number)))
    stack.wait_until_caught_up()
    assert stack.database.review_count() == 0
    assert {letter["reason"] for letter in letters(stack)} == {"poisoned"}
    stack.database.execute(MENDED)

    done = stack.reviewctl_ok("dlq", "replay", "--reason", "poisoned", "--vendor", "forbidden")

    assert "replayed 5 of 5 dead letters" in done.stdout
    stack.wait_until_caught_up()
    assert [str(row["review_id"]) for row in stack.database.reviews_of("forbidden")] == ids
    assert letters(stack) == []
    assert [letter["state"] for letter in letters(stack, "--all")] == ["replayed"] * 5
    replayed = [record for record in stack.topic.read() if "reviews.dlq.attempts" in dict(record.headers)]
    assert [record.header("reviews.dlq.attempts") for record in replayed] == [b"1"] * 5
    assert not any(name.startswith("__connect.errors.") for record in replayed for name, _ in record.headers)
    again = stack.reviewctl_ok("dlq", "replay", "--reason", "poisoned")
    assert "replayed 0 of 0" in again.stdout


def test_what_fails_again_comes_back_with_its_attempts_counted(poisoned):
    for attempts in (2, 3):
        poisoned.reviewctl_ok("dlq", "replay", "--reason", "not_a_review")
        poisoned.wait_until_caught_up()

        (letter,) = letters(poisoned, "--reason", "not_a_review")
        assert letter["attempts"] == attempts
        poisoned.reviewctl_ok("verify")
    (shown,) = json_lines(poisoned.reviewctl_ok("dlq", "show", letter["id"], "--json"))
    headers = [(header["name"], header["value"]) for header in shown["headers"]]
    assert ("reviews.dlq.origin", f"{poisoned.topic_name}/4/0") in headers
    assert [value.split()[-1] for name, value in headers if name == "reviews.dlq.failure"] == ["not_a_review"] * 2
    assert letters(poisoned, "--reason", "not_a_review", "--attempts-max", 2) == []


def test_a_dry_run_writes_nothing(poisoned):
    before = (poisoned.topic.end_offsets(), poisoned.dead_letters.end_offsets())

    replay = poisoned.reviewctl_ok("dlq", "replay", "--reason", "not_json", "--dry-run")
    drop = poisoned.reviewctl_ok("dlq", "drop", "--dry-run")

    assert "would replay 3 dead letters" in replay.stdout
    assert "would drop 5 dead letters" in drop.stdout
    assert (poisoned.topic.end_offsets(), poisoned.dead_letters.end_offsets()) == before
    assert len(letters(poisoned)) == 5


def test_what_was_dropped_is_gone_until_asked_for_again(poisoned):
    before = poisoned.topic.end_offsets()
    (letter,) = letters(poisoned, "--reason", "null_value")

    poisoned.reviewctl_ok("dlq", "drop", letter["id"])
    assert len(letters(poisoned)) == 4
    poisoned.reviewctl_ok("dlq", "drop", "--all-of-them")

    assert letters(poisoned) == []
    assert {each["state"] for each in letters(poisoned, "--all")} == {"dropped"}
    assert poisoned.topic.end_offsets() == before
    poisoned.reviewctl_ok("dlq", "replay", "--again", letter["id"])
    poisoned.wait_until_caught_up()
    assert [each["reason"] for each in letters(poisoned)] == ["null_value"]


def test_nothing_is_changed_without_a_choice(poisoned):
    for verb in ("replay", "drop"):
        done = poisoned.reviewctl("dlq", verb)
        assert done.returncode == 64 and "--all-of-them" in done.stderr
    assert len(letters(poisoned)) == 5


def test_a_rate_is_kept(stack):
    stack.started_consumer()
    write_poison(stack, 20)
    stack.wait_until_caught_up()

    began = time.monotonic()
    done = stack.reviewctl_ok("dlq", "replay", "--all-of-them", "--rate", "10/s")

    assert time.monotonic() - began >= 1.5
    assert "replayed 20 of 20" in done.stdout
    wait_until(lambda: len(letters(stack)) == 20, 30, "all letters back")


def test_a_letter_of_another_topic_is_left_alone(stack):
    stack.dead_letters.write(b"v", b"{}", [("__connect.errors.topic", b"elsewhere")])

    done = stack.reviewctl("dlq", "replay", "--all-of-them")

    assert done.returncode == 1 and "elsewhere" in done.stderr
    assert len(letters(stack)) == 1
    stack.reviewctl_ok("dlq", "drop", "--all-of-them")
    assert letters(stack) == []
