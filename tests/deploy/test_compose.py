"""deploy/compose.yaml: by Docker's own judgement where its plugin is there, and by ours."""

import contextlib
import json
import pathlib
import re
import subprocess

import pytest
import yaml

PROJECT = pathlib.Path(__file__).resolve().parents[2]
FILE = PROJECT / "deploy/compose.yaml"
OURS = ["setup", "producer", "consumer"]


def rendered_by_docker():
    """The file as Docker Compose understands it; None without the plugin. Fails when it finds a mistake."""
    with contextlib.suppress(FileNotFoundError):
        if subprocess.run(["docker", "compose", "version"], capture_output=True, timeout=60, check=False).returncode == 0:
            config = ["docker", "compose", "--file", FILE, "config", "--format", "json"]
            done = subprocess.run(config, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)
    return None


def understood():
    return rendered_by_docker() or yaml.safe_load(FILE.read_text())


@pytest.fixture(scope="module", name="services")
def fixture_services():
    return understood()["services"]


def known_keys():
    """The names in the environment of every key of both programs."""
    names = set()
    for program in ("producer", "consumer"):
        table = ""
        for line in (PROJECT / f"config/{program}.toml").read_text().splitlines():
            if found := re.fullmatch(r"\[(.+)\]", line):
                table = found[1]
            elif found := re.match(r"([a-z-]+) = ", line):
                names.add("REVIEWS_" + re.sub(r"[.-]", "_", f"{table}.{found[1]}").upper())
    return names


def test_there_is_everything_and_nothing_else(services):
    assert set(services) == {"kafka", "postgres", *OURS}


@pytest.mark.parametrize("name", OURS)
def test_every_setting_exists(services, name):
    environment = services[name]["environment"]

    assert {"REVIEWS_KAFKA_BOOTSTRAP_SERVERS", "REVIEWS_DATABASE_URL"} <= set(environment) <= known_keys()
    assert environment["REVIEWS_KAFKA_BOOTSTRAP_SERVERS"] in services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    given = services["postgres"]["environment"]
    assert environment["REVIEWS_DATABASE_URL"] == "postgresql://{}:{}@postgres:5432/{}".format(
        given["POSTGRES_USER"], given["POSTGRES_PASSWORD"], given["POSTGRES_DB"]
    )


@pytest.mark.parametrize("name", OURS)
def test_images_are_built_from_their_dockerfiles(services, name):
    build = services[name]["build"]

    context = (FILE.parent / build["context"]).resolve()
    assert context == PROJECT
    assert (context / build["dockerfile"]).exists()
    assert services[name]["image"].split(":")[0] == f"reviews-{pathlib.Path(build['dockerfile']).parent.name}"


@pytest.mark.parametrize("name", OURS)
def test_programs_may_do_next_to_nothing(services, name):
    service = services[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["kafka", "postgres", "producer", "consumer"])
def test_whatever_stays_has_a_health_check(services, name):
    check = services[name]["healthcheck"]

    assert check["test"][0] == "CMD", "no shell"
    assert {"interval", "timeout", "start_period", "retries"} <= set(check)


@pytest.mark.parametrize("name, port", [("producer", 8081), ("consumer", 8082)])
def test_health_is_asked_at_the_management_port(services, name, port):
    config = (PROJECT / f"config/{name}.toml").read_text()
    management = config[config.index("[management]") :]

    assert int(re.search(r"^port = (\d+)", management, re.M)[1]) == port
    assert services[name]["healthcheck"]["test"][1:3] == ["/usr/bin/reviewctl", "ready"]
    assert services[name]["healthcheck"]["test"][-1] == f"http://localhost:{port}"
    assert port in [each["target"] for each in services[name]["ports"]]


@pytest.mark.parametrize("name", ["kafka", "postgres", "consumer"])
def test_only_the_producer_is_reached_from_other_machines(services, name):
    assert {each.get("host_ip") for each in services[name]["ports"]} == {"127.0.0.1"}


def test_each_starts_after_what_it_needs(services):
    conditions = {
        name: {what: how["condition"] for what, how in services[name]["depends_on"].items()} for name in OURS
    }

    assert conditions["setup"] == {"kafka": "service_healthy", "postgres": "service_healthy"}
    assert conditions["producer"] == conditions["consumer"] == {"setup": "service_completed_successfully"}


@pytest.mark.parametrize("name", ["producer", "consumer"])
def test_the_grace_period_is_longer_than_the_drain(services, name):
    drain = re.search(r'^drain-timeout = "(\d+)s"', (PROJECT / f"config/{name}.toml").read_text(), re.M)

    assert int(services[name]["stop_grace_period"].removesuffix("s")) > int(drain[1]) + 2
