"""Kafka as in production: who is let in, what the smallest rights are, and what the others are told."""

import itertools
import json

import pytest

from support.acls import Right
from support.certificates import DAY
from support.http_client import in_parallel
from support.librdkafka import features, version
from support.programs import run_program
from support.secured_kafka import SecuredKafkaBroker, environment
from support.token_server import TokenServer
from support.waiting import wait_until

REFUSED, BAD_CONFIGURATION = 69, 78
PROGRAMS = ["producer", "consumer"]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def kafka(folder):
    broker = SecuredKafkaBroker(folder, PROGRAMS)
    try:
        broker.start()
        yield broker
    finally:
        broker.end()


@pytest.fixture
def rights(unverified_stack):
    """The lists of deploy/security.md, with the names of this test."""
    topic, letters = unverified_stack.topic_name, f"{unverified_stack.topic_name}.dlq"
    group = unverified_stack.group_id
    return {
        "producer": [Right("Write", "topic", topic)],
        "consumer": [
            Right("Read", "topic", topic),
            Right("Read", "group", group),
            Right("Write", "topic", letters),
        ],
        "setup": [Right(do, "topic", name) for name in (topic, letters) for do in ("Create", "Describe")],
        "status": [
            Right("Read", "topic", topic),
            Right("Read", "topic", letters),
            Right("Describe", "group", group),
        ],
        "offsets show": [Right("Describe", "topic", topic), Right("Describe", "group", group)],
        "offsets set --to begin --all-partitions": [Right("Describe", "topic", topic), Right("Describe", "group", group)],
        "verify": [Right("Read", "topic", topic), Right("Read", "topic", letters)],
        "dlq list": [Right("Read", "topic", letters)],
        "dlq replay --reason not_json": [
            Right("Read", "topic", letters),
            Right("Write", "topic", letters),
            Right("Write", "topic", topic),
        ],
    }


@pytest.fixture
def secured_stack(unverified_stack, kafka, rights):
    """Topics and schema, and both programs with their smallest rights."""
    for program in PROGRAMS:
        kafka.grant(program, rights[program])
    return unverified_stack


def make(stack, program, settings):
    return getattr(stack, program)(**environment(settings))


def errors(program):
    return [event for event in map(json.loads, program.log().splitlines()) if event["level"] == "error"]


def assert_refused(program, event, *words):
    """One error at the end of a start that cannot succeed."""
    program.launch()
    assert program.wait_for_exit(60) == REFUSED, program.log_tail()
    seen = errors(program)
    assert [error["event"] for error in seen] == [event], program.log_tail()
    assert all(word in seen[0]["reason"] for word in words), seen[0]


def assert_both_refused(stack, settings, *words):
    programs = [make(stack, program, settings) for program in PROGRAMS]
    in_parallel(lambda program: assert_refused(program, "startup_refused", *words), programs)
    return programs


def carry_a_review(stack, settings_of):
    """One review through both programs, which are returned."""
    consumer, producer = (make(stack, name, settings_of(name)) for name in ("consumer", "producer"))
    in_parallel(lambda program: program.start(), [consumer, producer])
    with producer.client() as client:
        answer = wait_until(lambda: accepted(client), 20, "a review taken in")
    wait_until(lambda: stack.database.review(answer["review_id"]), 20, "the row")
    return producer, consumer


def accepted(client):
    answer = client.post({"vendor_id": "v", "author": "a", "rating": 4})
    return answer.json() if answer.status == 202 else None


def assert_keeps(programs, secrets):
    for program in programs:
        shown = program.log() + (program.manage("/config").body.decode() if program.is_running() else "")
        assert not [secret for secret in secrets if secret in shown]


# Logging in.


def test_an_oauthbearer_token_is_a_login(secured_stack, kafka):
    programs = carry_a_review(secured_stack, lambda name: kafka.oauth(name, "scope=made-up-scope"))

    assert_keeps(programs, ["made-up-scope", "principal="])


def test_a_client_certificate_is_a_login(secured_stack, kafka):
    identities = {program: kafka.authority.client(program) for program in PROGRAMS}

    programs = carry_a_review(secured_stack, lambda name: kafka.mutual(identities[name]))

    assert_keeps(programs, [line for identity in identities.values() for line in identity.secrets()])


def test_a_password_is_a_login_where_librdkafka_can_scram(secured_stack, kafka):
    """Before 2.6.1 librdkafka cannot log in to Kafka 4.1: then the refusal says so."""
    if version() >= (2, 6, 1):
        programs = carry_a_review(secured_stack, kafka.scram)
    else:
        programs = [make(secured_stack, program, kafka.scram(program)) for program in PROGRAMS]
        in_parallel(lambda each: assert_refused(each, "startup_refused", "SCRAM-SHA-512", "2.6.1"), programs)
    assert_keeps(programs, kafka.passwords.values())


def test_a_token_of_an_issuer_is_a_login_where_librdkafka_can_oidc(secured_stack, kafka):
    """Debian bookworm's librdkafka is built without libcurl: there it is a mistake of the configuration."""
    with TokenServer(PROGRAMS) as issuer:
        settings = {name: kafka.issued(name, issuer.url, "made-up-secret") for name in PROGRAMS}
        if "oidc" in features():
            programs = carry_a_review(secured_stack, settings.__getitem__)
            assert_keeps(programs, ["made-up-secret", *issuer.tokens])
            return
        for name, each in settings.items():
            done = run_program(f"reviews-{name}", "--check-config", environment=environment(each))
            assert done.returncode == BAD_CONFIGURATION
            assert "not supported in this build" in done.stdout + done.stderr
            assert "made-up-secret" not in done.stdout + done.stderr


# Logins that fail.


def test_a_wrong_password_is_refused(secured_stack, kafka):
    programs = [make(secured_stack, name, kafka.scram(name, "wrong-password")) for name in PROGRAMS]

    in_parallel(lambda each: assert_refused(each, "startup_refused", "SCRAM-SHA-512"), programs)

    assert_keeps(programs, ["wrong-password"])


def test_a_mechanism_that_the_broker_does_not_offer_is_refused(secured_stack, kafka):
    settings = {**kafka.scram("producer"), "sasl.mechanisms": "PLAIN"}

    programs = assert_both_refused(secured_stack, settings, "PLAIN", "SCRAM-SHA-512")

    assert_keeps(programs, kafka.passwords.values())


@pytest.mark.parametrize(
    ("listener", "why"),
    [("EXPIRED", "certificate has expired"), ("OTHERHOST", "hostname mismatch")],
)
def test_a_broker_with_a_wrong_certificate_is_refused(secured_stack, kafka, listener, why):
    settings = kafka.mutual(kafka.authority.client("producer"), listener)

    programs = assert_both_refused(secured_stack, settings, "certificate verify failed")

    assert all(why in program.log() for program in programs)


def test_a_broker_of_an_unknown_authority_is_refused(secured_stack, kafka):
    settings = {**kafka.oauth("producer"), "ssl.ca.location": str(kafka.stranger.certificate)}

    programs = assert_both_refused(secured_stack, settings, "certificate verify failed")

    assert all("unable to get local issuer certificate" in program.log() for program in programs)


@pytest.mark.parametrize("kind", ["expired", "of an unknown authority", "none"])
def test_a_client_without_a_good_certificate_is_refused(secured_stack, kafka, kind):
    identity = {
        "expired": lambda: kafka.authority.client("producer", -DAY, "late"),
        "of an unknown authority": lambda: kafka.stranger.client("producer"),
        "none": lambda: kafka.authority.client("producer"),
    }[kind]()
    settings = kafka.mutual(identity)
    if kind == "none":
        del settings["ssl.certificate.location"], settings["ssl.key.location"]

    programs = assert_both_refused(secured_stack, settings, "certificate")

    assert_keeps(programs, identity.secrets())


def test_a_file_that_is_missing_is_a_mistake_of_the_configuration(secured_stack, kafka):
    settings = {**kafka.oauth("producer"), "ssl.ca.location": "/nowhere/ca.pem"}

    for program in ("reviews-producer", "reviews-consumer"):
        done = run_program(program, "--check-config", environment=environment(settings))
        assert done.returncode == BAD_CONFIGURATION
        assert "ssl.ca.location" in done.stdout + done.stderr


# Rights.


def without_each(rights):
    return [(missing, [right for right in rights if right != missing]) for missing in rights]


def user_with(kafka, rights):
    """Somebody with these rights and no others."""
    user = f"somebody-{next(_numbers)}"
    if rights:
        kafka.grant(user, rights)
    return kafka.oauth(user)


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_right_of_a_program_is_needed(unverified_stack, kafka, rights, name):
    for missing, left in without_each(rights[name]):
        program = make(unverified_stack, name, user_with(kafka, left))
        event = "group_refused" if missing.resource == "group" else "startup_refused"
        program.launch()
        assert program.wait_for_exit(60) == REFUSED, program.log_tail()
        # The producer within may hear of its missing right first, and then says so as well.
        assert all("authorization" in json.dumps(each).lower() for each in errors(program)), program.log_tail()
        refusals = [each for each in errors(program) if each["event"] in (event, "actor_refused")]
        assert refusals, program.log_tail()
        named = missing.name if event == "startup_refused" else "GROUP"
        assert all(named in each["reason"] for each in refusals), refusals


@pytest.mark.parametrize(("name", "which"), [("producer", 0), ("consumer", 2)])
def test_who_may_see_a_topic_but_not_write_to_it_is_refused(unverified_stack, kafka, rights, name, which):
    mine = list(rights[name])
    mine[which] = Right("Describe", "topic", mine[which].name)
    program = make(unverified_stack, name, user_with(kafka, mine))

    program.launch()

    assert program.wait_for_exit(60) == REFUSED, program.log_tail()
    # One publisher's refusal ends the program; a client that starts beside it may be refused meanwhile.
    [refusal] = [each for each in errors(program) if each["event"] == "actor_refused"]
    assert "AUTHORIZATION_FAILED" in refusal["reason"]


@pytest.mark.parametrize(
    "command",
    ["setup", "status", "offsets show", "offsets set --to begin --all-partitions", "verify", "dlq list", "dlq replay --reason not_json"],
)
def test_the_operators_tool_works_with_its_rights_and_needs_each(unverified_stack, kafka, rights, command):
    more = {"setup": ["--topics-only", "--wait", "5s"]}.get(command, [])
    plant_a_dead_letter(unverified_stack)

    def run(mine):
        return run_program(
            "reviewctl",
            *command.split(),
            *more,
            environment={**unverified_stack.environment, **environment(user_with(kafka, mine))},
        )

    for missing, left in without_each(rights[command]):
        done = run(left)
        assert done.returncode in (1, REFUSED) and "AUTHORIZATION_FAILED" in done.stderr, (missing, done)
    done = run(rights[command])
    assert done.returncode == 0, done.stdout + done.stderr


def plant_a_dead_letter(stack):
    """The consumer puts a record aside that is no review, and ends."""
    stack.topic.write(b"v", b"no review", partition=0)
    consumer = stack.started_consumer()
    wait_until(lambda: stack.is_caught_up() and stack.dead_letters.read(), 30, "the dead letter")
    consumer.stop()


def test_a_right_to_read_that_is_lost_stops_the_partitions(secured_stack, kafka, rights):
    user = user_with(kafka, rights["consumer"])
    consumer = make(secured_stack, "consumer", user)
    consumer.start()
    wait_until(lambda: consumer.events("partition_started"), 20, "a partition")

    kafka.deny(user["sasl.oauthbearer.config"].removeprefix("principal="), rights["consumer"][0])

    consumer.wait_for(lambda: consumer.events("partition_stopped"), 30, "stopping a partition")
    assert "TOPIC_AUTHORIZATION_FAILED" in consumer.events("partition_stopped")[0]["detail"]
    assert consumer.metric("reviews_partition_paused") > 0
    assert consumer.is_running()


def test_a_right_to_write_that_is_lost_turns_reviews_away(secured_stack, kafka, rights):
    user = user_with(kafka, rights["producer"])
    producer = make(secured_stack, "producer", user)
    producer.start()
    with producer.client() as client:
        wait_until(lambda: accepted(client), 20, "a review taken in")

        kafka.deny(user["sasl.oauthbearer.config"].removeprefix("principal="), rights["producer"][0])

        answer = client.post({"vendor_id": "v", "author": "a", "rating": 4})
    assert answer.status == 503, answer
    assert producer.is_running()
