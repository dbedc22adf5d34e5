"""What cannot be stored goes to the dead-letter topic, and the partition moves on."""

import json
import uuid

import pytest

from support.waiting import wait_until

GOOD = {
    "review_id": "018f6f1e-4b7a-7000-8000-000000000001",
    "vendor_id": "v",
    "author": "a",
    "rating": 3,
    "created_at": "2026-01-01T00:00:00.000001Z",
}


def value(**members):
    return json.dumps({**GOOD, **members}).encode()


POISON = {
    "not JSON": (b"v", b"not json"),
    "not UTF-8": (b"v", b'{"vendor_id":"\xff"}'),
    "rating out of range": (b"v", value(rating=6)),
    "no review_id": (b"v", json.dumps({name: GOOD[name] for name in GOOD if name != "review_id"}).encode()),
    "unknown member": (b"v", value(stars=5)),
    "U+0000": (b"v", value(text="a\0b")),
    "empty value": (b"v", b""),
    "null value": (b"v", None),
    "null key": (None, b"not json either"),
    "key that is not UTF-8": (b"\xff\x00\xfe", b"[]"),
}
HEADERS = [("schema", b"review/1"), ("empty", b""), ("twice", b"1"), ("twice", b"2"), ("null", None), ("raw", b"\xff\x00")]


@pytest.mark.parametrize("name", POISON)
def test_poison_is_kept_as_it_was(stack, name):
    stack.started_consumer()
    key, poison = POISON[name]

    partition, offset = stack.topic.write(key, poison, HEADERS)
    good_id = str(uuid.uuid4())
    stack.topic.write(b"v", value(review_id=good_id), partition=partition)

    wait_until(lambda: stack.database.review(good_id), 20, "the review behind the poison")
    (letter,) = stack.dead_letters.read()
    assert (letter.key, letter.value) == (key, poison)
    assert letter.headers[: len(HEADERS)] == HEADERS
    assert letter.header("__connect.errors.topic") == stack.topic_name.encode()
    assert letter.header("__connect.errors.partition") == str(partition).encode()
    assert letter.header("__connect.errors.offset") == str(offset).encode()
    assert letter.header("__connect.errors.exception.class.name")
    assert letter.header("__connect.errors.exception.message")
    assert letter.header("__connect.errors.stage")
    assert len(letter.headers) == len(HEADERS) + 6
    assert stack.database.review_count() == 1


def test_what_a_transaction_aborted_is_neither_stored_nor_a_dead_letter(unverified_stack):
    stack = unverified_stack  # the end of the log may be the marker of the transaction, which nobody stores
    consumer = stack.started_consumer()
    aborted_id, good_id = str(uuid.uuid4()), str(uuid.uuid4())

    stack.topic.write_and_abort([(b"v", value(review_id=aborted_id)), (b"v", b"not json")], partition=1)
    stack.topic.write(b"v", value(review_id=good_id), partition=1)

    wait_until(lambda: stack.database.review(good_id), 20, "the review behind the aborted ones")
    assert stack.database.review_count() == 1
    assert consumer.metric("reviews_consumed_total") == 1
    assert stack.dead_letters.read() == []


def test_poison_among_many_good_records_loses_none_of_them(stack):
    consumer = stack.started_consumer()
    good_ids = []
    for number in range(60):
        good_ids.append(str(uuid.uuid4()))
        stack.topic.write(b"v", value(review_id=good_ids[-1], title=str(number)), partition=2)
        if number % 3 == 0:
            stack.topic.write(b"v", b"poison %d" % number, partition=2)

    stack.wait_until_caught_up()
    assert [str(row["review_id"]) for row in stack.database.reviews_of("v")] == good_ids
    assert {letter.value for letter in stack.dead_letters.read()} == {b"poison %d" % n for n in range(0, 60, 3)}
    assert consumer.metric("reviews_dead_lettered_total") == 20


def test_dead_letters_name_no_author_and_no_text(stack):
    stack.started_consumer()
    stack.topic.write(b"v", value(author="Sensitive Person", text="private words", rating=9))

    stack.wait_until_caught_up()
    (letter,) = stack.dead_letters.read()
    message = letter.header("__connect.errors.exception.message")
    assert b"rating" in message
    assert b"Sensitive" not in message and b"private" not in message
