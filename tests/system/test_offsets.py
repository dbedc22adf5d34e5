"""`reviewctl offsets` and `reviewctl status`: where partitions stand, and moving that."""

import json
import time
from datetime import datetime, timezone

import pytest

from support.dead_letter_tools import json_lines, review_value
from support.waiting import wait_until


def write_reviews(stack, count, partition=2):
    for number in range(count):
        stack.topic.write(b"v", review_value(title=str(number)), partition=partition)


def offset_rows(stack):
    return {row["partition"]: row for row in json_lines(stack.reviewctl_ok("offsets", "show", "--json"))}


def next_offset(stack, partition=2):
    return stack.database.next_offsets(stack.group_id, stack.topic_name).get(partition)


@pytest.fixture
def stored(unverified_stack):
    """Ten reviews stored of partition 2, the consumer stopped."""
    consumer = unverified_stack.started_consumer()
    write_reviews(unverified_stack, 10)
    unverified_stack.wait_until_caught_up()
    assert consumer.stop() == 0
    return unverified_stack


def test_offsets_are_those_of_postgres_and_kafka(stored):
    rows = offset_rows(stored)

    ends = stored.topic.end_offsets()
    assert {partition: row["end"] for partition, row in rows.items()} == ends
    assert (rows[2]["begin"], rows[2]["next_offset"], rows[2]["committed"], rows[2]["lag"]) == (0, 10, 10, 0)
    assert (rows[0]["next_offset"], rows[0]["committed"], rows[0]["lag"]) == (None, None, 0)


def test_moving_back_reads_again_and_stores_nothing_twice(stored):
    dry = stored.reviewctl_ok("offsets", "set", "--partition", 2, "--to", 4, "--dry-run")
    assert "partition 2: from 10 to 4: 6 records would be read again (duplicates are harmless)" in dry.stdout
    assert next_offset(stored) == 10

    done = stored.reviewctl_ok("offsets", "set", "--partition", 2, "--to", 4)

    assert "6 records will be read again" in done.stdout
    assert next_offset(stored) == 4
    consumer = stored.started_consumer()
    stored.wait_until_caught_up()
    assert consumer.metric("reviews_duplicates_total") == 6
    assert stored.database.review_count() == 10
    stored.reviewctl_ok("verify")


def test_skipping_needs_to_be_allowed(stored):
    write_reviews(stored, 5)

    refused = stored.reviewctl("offsets", "set", "--partition", 2, "--to", "end")
    assert refused.returncode == 1
    assert "5 records would be SKIPPED and never stored" in refused.stdout
    assert next_offset(stored) == 10

    stored.reviewctl_ok("offsets", "set", "--all-partitions", "--to", "end", "--allow-skip")
    assert next_offset(stored) == 15
    stored.started_consumer()
    lost = stored.reviewctl("verify", "--wait", "5s")
    assert lost.returncode == 1 and "record_without_row: 5" in lost.stdout


def test_offsets_are_found_by_time(stored):
    between = datetime.now(timezone.utc).isoformat()
    write_reviews(stored, 3)

    stored.reviewctl_ok("offsets", "set", "--partition", 2, "--to", "1h")
    assert next_offset(stored) == 0
    stored.reviewctl_ok("offsets", "set", "--partition", 2, "--to", between, "--allow-skip")
    assert next_offset(stored) == 10


def test_a_running_consumer_is_in_the_way_unless_forced(stored):
    stored.started_consumer()

    refused = stored.reviewctl("offsets", "set", "--partition", 2, "--to", 4, "--wait", 0)
    assert refused.returncode == 69 and "expected no members, got 1" in refused.stderr
    assert next_offset(stored) == 10

    stored.reviewctl_ok("offsets", "set", "--partition", 2, "--to", 4, "--force")
    write_reviews(stored, 1)
    stored.wait_until_caught_up()
    assert stored.database.review_count() == 11
    stored.reviewctl_ok("verify")


def test_targets_outside_of_the_log_and_no_partition_make_no_sense(stored):
    for arguments in (["--partition", 2, "--to", 11], ["--partition", 99, "--to", "end"], ["--to", "end"]):
        done = stored.reviewctl("offsets", "set", *arguments)
        assert done.returncode == 64 and "expected" in done.stderr
    assert stored.reviewctl("offsets", "set", "--partition", 2, "--to", "middle").returncode == 64
    assert next_offset(stored) == 10


def test_a_partition_whose_records_are_gone_goes_on_after_it_is_mended(stored):
    write_reviews(stored, 5)
    stored.kafka.delete_records(stored.topic_name, 2, before=13)
    consumer = stored.started_consumer()
    wait_until(lambda: "partition_stopped" in consumer.log_path.read_text(), 20, "the partition stopped")
    status = stored.reviewctl("status")
    assert status.returncode == 1 and "offset gone: 3 records" in status.stdout
    assert "expected it in [13, 15], got 10; records gone: 3;" in consumer.log_path.read_text()
    assert consumer.stop() == 0

    done = stored.reviewctl_ok("offsets", "set", "--partition", 2, "--to", "begin")

    assert "from 10 to 13: 3 records were removed by retention and are never stored" in done.stdout
    consumer.start()
    stored.wait_until_caught_up()
    assert stored.database.review_count() == 12
    assert stored.reviewctl("status").returncode == 0


def test_status_names_owners_offsets_and_lag(unverified_stack):
    stack = unverified_stack
    consumer = stack.started_consumer("here")
    write_reviews(stack, 10)
    stack.topic.write(b"v", b"poison", partition=3)
    stack.wait_until_caught_up()

    wait_until(lambda: offset_rows(stack)[2]["committed"] == 10, 20, "offsets told to Kafka")
    status = json.loads(stack.reviewctl_ok("status", "--json").stdout)

    (member,) = status["members"]
    assert (status["ok"], status["group_state"], member["instance_id"]) == (True, "Stable", f"{stack.group_id}-here")
    assert sorted(member["partitions"]) == list(range(6))
    assert {row["partition"]: row["end"] for row in status["partitions"]} == stack.topic.end_offsets()
    second = status["partitions"][2]
    assert second["owner"] == member["member_id"] and second["in_sync"] == second["replicas"] == [second["leader"]]
    assert (second["next_offset"], second["committed"], second["lag_records"]) == (10, 10, 0)
    assert [row["dead_letters"] for row in status["partitions"]] == [0, 0, 0, 1, 0, 0]
    assert status["dead_letters"] == 1
    text = stack.reviewctl_ok("status").stdout
    assert "Stable, 1 members" in text and f"{stack.group_id}-here" in text and "all moves" in text
    assert consumer.stop() == 0


def test_status_tells_how_far_behind_a_group_without_members_is(stored):
    taken_in = datetime.fromtimestamp(time.time() - 3600, timezone.utc).isoformat()
    stored.topic.write(b"v", review_value(created_at=taken_in), partition=2)
    write_reviews(stored, 4)

    def alone():
        status = json.loads(stored.reviewctl("status", "--json").stdout)
        return status if not status["members"] else None

    status = wait_until(alone, 30, "the static member gone")

    assert not status["ok"] and stored.reviewctl("status").returncode == 1
    assert (status["lag_records"], status["partitions"][2]["trouble"]) == (5, "no owner")
    assert 3600 <= status["lag_seconds"] < 3900
    assert status["partitions"][1]["trouble"] == ""
