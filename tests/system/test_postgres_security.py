"""Postgres over TLS with roles: who is let in, and what the others are told."""

import json

import psycopg2
import pytest

from support.certificates import DAY
from support.database import Database
from support.programs import run_program
from support.secured_postgres import BY_CERTIFICATE, PASSWORDS, SecuredPostgres
from support.waiting import wait_until

REFUSED = 69


@pytest.fixture(scope="module")
def postgres(folder):
    server = SecuredPostgres(folder)
    try:
        server.start()
        yield server
    finally:
        server.end()


@pytest.fixture
def secured_stack(bare_stack, postgres):
    """Topics, and a schema that the owner made over a verified connection."""
    bare_stack.name = bare_stack.database.url.rsplit("/", 1)[1]
    bare_stack.environment["REVIEWS_DATABASE_URL"] = postgres.secured_url("owner", bare_stack.name)
    bare_stack.set_up()
    return bare_stack


def ended_with(program, seconds=60):
    """Exit status, and the events that are errors."""
    program.launch()
    status = program.wait_for_exit(seconds)
    return status, [event for event in map(json.loads, program.log().splitlines()) if event["level"] == "error"]


def assert_refused(consumer, *words):
    status, errors = ended_with(consumer)
    assert (status, [error["event"] for error in errors]) == (REFUSED, ["startup_refused"]), consumer.log_tail()
    assert all(word in errors[0]["reason"] for word in words), errors[0]
    assert_keeps_secrets(consumer.log())


def assert_keeps_secrets(text):
    for secret in [*PASSWORDS.values(), "made-up", "wrong-password"]:
        assert secret not in text


def test_each_role_does_its_part_over_a_verified_connection(secured_stack, postgres):
    producer = secured_stack.started_producer(
        REVIEWS_DATABASE_URL=postgres.secured_url("reader", secured_stack.name)
    )
    consumer = secured_stack.started_consumer(
        REVIEWS_DATABASE_URL=postgres.secured_url("writer", secured_stack.name)
    )
    wait_until(lambda: producer.metric("reviews_feed_listening") == 1, 20, "listening to commits")

    with producer.client() as client:
        stored = client.post({"vendor_id": "v", "author": "a", "rating": 5}, headers={"prefer": "wait=9"})
        assert stored.status == 201
        assert client.get(stored.headers["location"]).status == 200

    reader = Database(postgres.secured_url("reader", secured_stack.name))
    assert reader.rating("v")["rating_count"] == 1
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        reader.execute("delete from reviews")
    sessions = "select usename, ssl from pg_stat_activity join pg_stat_ssl using (pid) where application_name = 'reviews'"
    seen = secured_stack.database.query(sessions)
    assert {(row["usename"], row["ssl"]) for row in seen} == {("writer", True), ("reader", True)}
    checked = run_program(
        "reviewctl",
        "verify",
        environment={
            **secured_stack.environment,
            "REVIEWS_DATABASE_URL": postgres.secured_url("reader", secured_stack.name),
        },
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for program in (producer, consumer):
        assert_keeps_secrets(program.log() + program.manage("/config").body.decode())


def test_a_client_certificate_is_a_login(secured_stack, postgres):
    url = postgres.by_certificate(secured_stack.name, postgres.authority.client(BY_CERTIFICATE))

    consumer = secured_stack.started_consumer(REVIEWS_DATABASE_URL=url)

    assert consumer.is_ready()


@pytest.mark.parametrize(
    ("make_identity", "words"),
    [
        (lambda server: server.authority.client("somebody"), ["28000"]),
        (lambda server: server.authority.client(BY_CERTIFICATE, -DAY, "late"), ["certificate expired"]),
        (lambda server: server.stranger.client(BY_CERTIFICATE), ["unknown ca"]),
    ],
    ids=["another name", "expired", "of an unknown CA"],
)
def test_a_wrong_client_certificate_is_refused(secured_stack, postgres, make_identity, words):
    url = postgres.by_certificate(secured_stack.name, make_identity(postgres))

    assert_refused(secured_stack.consumer(REVIEWS_DATABASE_URL=url), *words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong-password"}, ["28P01", "writer"]),
        ({"host": "db.example"}, ["localhost", "does not match host name", "db.example"]),
        ({"sslrootcert": "/nowhere/ca.pem"}, ["/nowhere/ca.pem", "does not exist"]),
        ({"sslmode": "disable"}, ["28000", "no encryption"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_does_not_fit_is_refused(secured_stack, postgres, change, words):
    url = postgres.secured_url("writer", secured_stack.name, **change)

    assert_refused(secured_stack.consumer(REVIEWS_DATABASE_URL=url), *words)
    told = run_program(
        "reviewctl",
        "setup",
        "--schema-only",
        environment={**secured_stack.environment, "REVIEWS_DATABASE_URL": url},
    )
    assert told.returncode == REFUSED
    assert all(word in told.stderr for word in words), told.stderr


def test_a_server_of_an_unknown_authority_is_refused(secured_stack, postgres):
    url = postgres.secured_url("writer", secured_stack.name, sslrootcert=postgres.stranger.certificate)

    assert_refused(secured_stack.consumer(REVIEWS_DATABASE_URL=url), "certificate verify failed")


def test_a_server_whose_certificate_has_expired_is_refused(secured_stack, postgres):
    postgres.present(postgres.expired)
    try:
        consumer = secured_stack.consumer(
            REVIEWS_DATABASE_URL=postgres.secured_url("writer", secured_stack.name)
        )
        assert_refused(consumer, "certificate verify failed")
    finally:
        postgres.present(postgres.good)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("revoke select on schema_migrations from writer", ["42501", "schema_migrations"]),
        ("revoke usage on schema public from writer", ["schema"]),
        ('revoke connect on database "{name}" from public', ["42501", "permission denied for database"]),
    ],
)
def test_a_missing_right_is_refused(secured_stack, postgres, statement, words):
    secured_stack.database.execute(statement.format(name=secured_stack.name))

    assert_refused(
        secured_stack.consumer(REVIEWS_DATABASE_URL=postgres.secured_url("writer", secured_stack.name)), *words
    )


def test_a_right_that_is_lost_stops_the_partition_and_loses_nothing(secured_stack, postgres):
    consumer = secured_stack.started_consumer(
        REVIEWS_DATABASE_URL=postgres.secured_url("writer", secured_stack.name)
    )
    producer = secured_stack.started_producer()
    secured_stack.database.execute("revoke insert on reviews from writer")

    with producer.client() as client:
        partition = client.post({"vendor_id": "v", "author": "a", "rating": 5}).json()["partition"]

    consumer.wait_for(lambda: consumer.events("partition_stopped"), 30, "stopping the partition")
    (stopped,) = consumer.events("partition_stopped")
    assert (stopped["partition"], stopped["reason"]) == (partition, "refused")
    assert "42501" in stopped["detail"]
    assert consumer.metric("reviews_dead_lettered_total") == 0
    secured_stack.database.execute("grant insert on reviews to writer")
    consumer.stop()
    consumer.start()
    secured_stack.wait_until_caught_up()
    assert secured_stack.database.review_count() == 1
