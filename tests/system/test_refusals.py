"""Starts that can never succeed end with the status that says why."""

import pytest

from support.places import BUILD, PROJECT, free_port
from support.programs import run_program

PROGRAMS = ["reviews-producer", "reviews-consumer"]
BAD_CONFIGURATION, REFUSED = 78, 69


def config_of(program):
    return PROJECT / f"config/{program.removeprefix('reviews-')}.toml"


def run(program, stack, *arguments, **environment):
    ports = {"REVIEWS_HTTP_PORT": str(free_port()), "REVIEWS_MANAGEMENT_PORT": str(free_port())}
    return run_program(
        program, *arguments, environment={**stack.environment, **ports, **environment}, seconds=60
    )


def output(done):
    return done.stdout + done.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_bad_file_names_every_mistake_with_its_line(program, unverified_stack, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('[management]\nport = 70000\nprot = 1\n\n[log]\nlevel = "loud"\n')

    checked = run(program, unverified_stack, "--config", bad, "--check-config")
    started = run(program, unverified_stack, "--config", bad)

    for done in (checked, started):
        assert done.returncode == BAD_CONFIGURATION
        for line, word in ((2, "port"), (3, "prot"), (6, "level")):
            assert any(f"{bad}:{line}" in text and word in text for text in output(done).splitlines()), output(done)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_bad_variable_is_named(program, unverified_stack):
    done = run(program, unverified_stack, "--config", config_of(program), REVIEWS_MANAGEMENT_PORT="eighty")

    assert done.returncode == BAD_CONFIGURATION
    assert "REVIEWS_MANAGEMENT_PORT" in output(done)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_files_in_the_tree_are_good(program, unverified_stack):
    assert run(program, unverified_stack, "--config", config_of(program), "--check-config").returncode == 0


@pytest.mark.parametrize("program", [*PROGRAMS, "reviewctl"])
def test_help_and_version(program):
    for argument in ("--help", "--version"):
        done = run_program(program, argument)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip()


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_missing_topic_is_refused(program, unverified_stack):
    done = run(
        program, unverified_stack, "--config", config_of(program), REVIEWS_KAFKA_TOPIC="reviews.missing"
    )

    assert done.returncode == REFUSED, output(done)
    assert "reviews.missing" in output(done)


def test_a_wrong_database_password_is_refused(unverified_stack, postgres):
    url = postgres.url(unverified_stack.database.url.rsplit("/", 1)[1], password="wrong-password")

    done = run(
        "reviews-consumer", unverified_stack, "--config", config_of("reviews-consumer"), REVIEWS_DATABASE_URL=url
    )

    assert done.returncode == REFUSED, output(done)
    assert "wrong-password" not in output(done)


def test_a_missing_schema_is_refused(bare_stack, unverified_stack, postgres):
    postgres.create_database("without_schema")

    done = run(
        "reviews-consumer",
        unverified_stack,
        "--config",
        config_of("reviews-consumer"),
        REVIEWS_DATABASE_URL=postgres.url("without_schema"),
    )

    assert done.returncode == REFUSED, output(done)


def test_a_schema_that_takes_away_too_much_is_refused(unverified_stack):
    newest = unverified_stack.database.query("select max(version) as version from schema_migrations")[0]["version"]
    too_new = (newest // 100 + 2) * 100
    unverified_stack.database.execute("insert into schema_migrations (version) values (%s)", too_new)

    done = run("reviews-consumer", unverified_stack, "--config", config_of("reviews-consumer"))

    assert done.returncode == REFUSED, output(done)
    assert f"expected a version below {too_new}, got version {too_new}" in output(done)


def test_binaries_stand_where_the_contract_says():
    assert all((BUILD / program).is_file() for program in [*PROGRAMS, "reviewctl"])
