"""The management port of both programs."""

import json

import pytest

from support import metrics
from support.waiting import wait_until

PROGRAMS = ["producer", "consumer"]
COMMON_METRICS = {
    "reviews_supervisor_restarts_total", "reviews_mailbox_depth", "reviews_pool_size",
    "reviews_config_last_reload_successful", "reviews_config_last_reload_success_timestamp_seconds",
    "reviews_build_info",
}  # fmt: skip
PRODUCER_METRICS = {
    "http_server_request_duration_seconds_count", "http_server_active_requests", "reviews_published_total",
    "reviews_rejected_total", "reviews_in_flight", "reviews_publish_duration_seconds_count",
}  # fmt: skip
CONSUMER_METRICS = {
    "reviews_consumed_total", "reviews_stored_total", "reviews_duplicates_total", "reviews_dead_lettered_total",
    "reviews_end_to_end_seconds_count", "reviews_store_batch_rows_count", "reviews_store_duration_seconds_count",
    "reviews_consumer_lag_records", "reviews_consumer_lag_seconds", "reviews_partition_paused",
    "reviews_rebalances_total",
}  # fmt: skip


@pytest.fixture
def programs(stack):
    """Both, after one good review, one bad one and one poisonous record."""
    both = {"producer": stack.started_producer(), "consumer": stack.started_consumer()}
    with both["producer"].client() as client:
        assert client.post({"vendor_id": "secret-vendor", "author": "Secret Author", "rating": 4}).status == 202
        assert client.post({"vendor_id": "secret-vendor", "author": "Secret Author", "rating": 0}).status == 422
    stack.topic.write(b"v", b"poison")
    stack.wait_until_caught_up()
    return both


@pytest.mark.parametrize("name", PROGRAMS)
def test_probes_answer(programs, name):
    assert programs[name].manage("/livez").status == 200
    assert programs[name].manage("/readyz").status == 200
    assert programs[name].manage("/nothing").status == 404


@pytest.mark.parametrize("name", PROGRAMS)
def test_metrics_are_there_and_name_nobody(programs, name):
    answer = programs[name].manage("/metrics")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    found = {sample for sample, _, _ in metrics.parse(answer.body.decode())}
    expected = COMMON_METRICS | (PRODUCER_METRICS if name == "producer" else CONSUMER_METRICS)
    assert expected - found == set()
    assert b"secret" not in answer.body.lower()


def test_metrics_count(programs):
    producer, consumer = programs["producer"], programs["consumer"]

    assert producer.metric("reviews_published_total") == 1
    assert producer.metric("reviews_rejected_total") == 1
    assert producer.metric(
        "http_server_request_duration_seconds_count",
        http_request_method="POST",
        http_route="/v1/reviews",
        http_response_status_code="202",
    ) == 1  # fmt: skip
    assert producer.metric("reviews_in_flight") == 0
    assert consumer.metric("reviews_consumed_total") == 2
    assert consumer.metric("reviews_stored_total") == 1
    assert consumer.metric("reviews_dead_lettered_total") == 1
    assert consumer.metric("reviews_end_to_end_seconds_count") == 1


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_configuration_is_shown_without_secrets(programs, stack, name):
    answer = programs[name].manage("/config")

    password = stack.database.url.split(":")[2].split("@")[0]
    assert answer.status == 200
    assert stack.topic_name.encode() in answer.body
    assert password.encode() not in answer.body


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_supervision_tree_is_json(programs, name):
    answer = programs[name].manage("/actors")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/json")
    text = json.dumps(answer.json())
    children = {
        "producer": ["publisher-0"],
        "consumer": ["group-consumer", "consumer-0", "writer-0", "dead-letters"],
    }
    for child in children[name]:
        assert child in text
    assert "restarts" in text


@pytest.mark.parametrize("name", PROGRAMS)
def test_logs_are_json_lines_without_personal_data(programs, stack, name):
    lines = programs[name].log().splitlines()

    assert lines
    for line in lines:
        assert isinstance(json.loads(line), dict), line
    assert "secret" not in programs[name].log().lower()
    assert stack.database.url not in programs[name].log()


def test_the_operators_tool_asks_for_readiness(bare_stack):
    producer = bare_stack.producer()
    url = f"http://127.0.0.1:{producer.management_port}"

    def ready():
        done = bare_stack.reviewctl("ready", "--url", url)
        return done.returncode, done.stdout

    assert ready() == (69, ""), "nobody is there"
    producer.launch()
    wait_until(lambda: ready() == (1, "not ready\n"), 30, "without its topic")
    bare_stack.set_up()
    wait_until(lambda: ready() == (0, "ready\n"), 30, "with its topic")
