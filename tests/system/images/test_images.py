"""What the images are, and how little a container of theirs may do."""

import itertools
import json
import os
import pathlib
import subprocess

import pytest

from support.places import PROJECT

ENGINE = os.environ.get("IMAGE_ENGINE", "podman")
TAG = os.environ.get("IMAGE_TAG", "dev")
PROGRAMS = ["reviews-producer", "reviews-consumer"]
BYTES_MAX = 150_000_000
_numbers = itertools.count(1)


def inspect(kind, name):
    done = subprocess.run([ENGINE, kind, "inspect", name], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)[0]


def run_in(program, command, *arguments):
    """What a command prints in the program's image."""
    done = subprocess.run(
        [PROJECT / "tests/system/images/programs" / program, *arguments],
        env={**os.environ, "TEST_ENTRYPOINT": command},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def revision():
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def bill_of_materials(program):
    return json.loads(run_in(program, "/usr/bin/cat", f"/usr/share/sbom/{program}.cdx.json"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_image_is_small_and_says_what_it_is(program):
    image = inspect("image", f"{program}:{TAG}")

    assert image["Size"] < BYTES_MAX
    config = image["Config"]
    assert config["User"] == "65532:65532"
    assert config["Entrypoint"] == [f"/usr/bin/{program}"]
    labels = {name: config["Labels"][f"org.opencontainers.image.{name}"] for name in
              ("title", "version", "revision", "source", "licenses")}  # fmt: skip
    assert labels["title"] == program
    assert labels["version"] in run_in(program, f"/usr/bin/{program}", "--version")
    assert labels["revision"].removesuffix("-changed") == revision()


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_image_holds_the_operators_tool_and_the_configuration(program):
    short = program.removeprefix("reviews-")

    assert run_in(program, "/usr/bin/reviewctl", "--version").startswith("reviewctl ")
    for name in ("producer", "consumer"):
        assert run_in(program, "/usr/bin/cat", f"/etc/reviews/{name}.toml") == \
            (PROJECT / f"config/{name}.toml").read_text()  # fmt: skip
    run_in(program, f"/usr/bin/{program}", "--config", f"/etc/reviews/{short}.toml", "--check-config")


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_image_holds_no_compiler(program):
    names = run_in(program, "/usr/bin/dpkg-query", "--show", "--showformat", "${Package}\n").split()

    assert "librdkafka1" in names
    assert [name for name in names if name.endswith("-dev") or name.startswith(("g++", "gcc-1", "cmake", "python"))] \
        == ["gcc-14-base"]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_bill_of_materials_names_every_package(program):
    bill = bill_of_materials(program)
    installed = run_in(program, "/usr/bin/dpkg-query", "--show", "--showformat", "${Package} ${Version}\n").splitlines()

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == program
    found = {linkage: set() for linkage in ("installed", "compiled-in")}
    for component in bill["components"]:
        properties = {each["name"]: each["value"] for each in component["properties"]}
        found[properties["reviews:linkage"]].add(f"{component['name']} {component['version']}")
    assert found["installed"] == set(installed)
    names = {each.split()[0] for each in found["compiled-in"]}
    assert {"libcli11-dev", "libsimdjson-dev", "libcaf-dev"} <= names
    references = [component["bom-ref"] for component in bill["components"]]
    assert len(references) == len(set(references))


@pytest.mark.parametrize("name", ["producer", "consumer"])
def test_a_container_may_do_next_to_nothing(stack, name):
    container = f"reviews-images-{os.getpid()}-{next(_numbers)}"
    program = getattr(stack, name)(TEST_CONTAINER_NAME=container)
    program.start()

    process = pathlib.Path("/proc") / str(inspect("container", container)["State"]["Pid"])
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
    assert status["Uid"].split() == ["65532"] * 4
    assert [int(status[each], 16) for each in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")] == [0] * 5
    assert status["NoNewPrivs"] == "1"
    mounts = [line.split() for line in (process / "mountinfo").read_text().splitlines()]
    (root,) = [mount for mount in mounts if mount[4] == "/"]
    assert "ro" in root[5].split(",")

    assert program.stop(30) == 0, program.log_tail()


def test_nothing_is_lost_when_both_are_stopped_under_load(stack):
    """Each container gets SIGTERM while it works; the fixture verifies log and tables afterwards."""
    producer = stack.started_producer()
    consumer = stack.started_consumer()

    stack.reviewctl_ok("load", "--url", f"http://127.0.0.1:{producer.port}", "--reviews", 5000, "--batch", 50)
    assert consumer.stop(35) == 0, consumer.log_tail()
    stack.reviewctl_ok("load", "--url", f"http://127.0.0.1:{producer.port}", "--reviews", 5000, "--connections", 16)
    assert producer.stop(35) == 0, producer.log_tail()
    consumer.start()

    stack.wait_until_caught_up()
    assert stack.database.review_count() == 10000
