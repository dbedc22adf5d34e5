"""The two Dockerfiles share all stages but the last, and their list of packages fits the code."""

import pathlib
import re

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ["producer", "consumer"]


def dockerfile(program):
    return (PROJECT / f"deploy/{program}/Dockerfile").read_text()


def stages(program):
    """The text of each stage, from its FROM on."""
    return re.split(r"^(?=FROM )", dockerfile(program), flags=re.M)[1:]


def test_all_stages_but_the_last_are_the_same():
    producer, consumer = stages("producer"), stages("consumer")

    assert len(producer) == 4
    assert producer[:-1] == consumer[:-1]


def test_the_last_stages_differ_in_program_and_ports_only():
    def neutral(program):
        text = stages(program)[-1].replace(f"reviews-{program}", "PROGRAM").replace(f"{program}.toml", "FILE")
        return re.sub(r'^EXPOSE .*|description=".*"', "", text, flags=re.M)

    assert neutral("producer") == neutral("consumer")


@pytest.mark.parametrize("program, tables", [("producer", ["http", "management"]), ("consumer", ["management"])])
def test_the_ports_are_those_of_the_configuration(program, tables):
    config = (PROJECT / f"config/{program}.toml").read_text()
    ports = [re.search(rf"^\[{table}\].*?^port = (\d+)", config, re.M | re.S)[1] for table in tables]

    assert re.search(r"^EXPOSE (.*)$", dockerfile(program), re.M)[1].split() == ports


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_needs_a_shell_or_root(program):
    last = stages(program)[-1]

    assert "USER 65532:65532" in last
    assert re.search(r"^(ENTRYPOINT|CMD) [^\[]", last, re.M) is None


def test_what_the_builder_copies_is_not_ignored():
    """Every path that a COPY names exists and .dockerignore lets it through."""
    allowed = [
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    ]
    sources = [
        word
        for line in re.findall(r"^COPY (?!--)(.*)$", dockerfile("producer"), re.M)
        for word in line.split()[:-1]
        if word != "."
    ]

    assert sources
    for source in sources:
        assert (PROJECT / source).exists(), source
        assert any(source == each or source.startswith(each + "/") for each in allowed), source
