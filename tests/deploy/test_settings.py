"""The manifests and the programs mean the same by every setting."""

import os
import re
import subprocess
import tomllib

import pytest
import yaml

from support.manifests import (
    COMPONENT_SETS,
    EVERY_SET,
    build_from,
    copy_manifests,
    named,
    objects_of,
    of_kind,
    pod_template,
    workloads,
)
from support.places import BUILD, K8S, PROJECT
from support.settings import defaults, flat, hot_keys

KINDS = {"producer": "Deployment", "consumer": "StatefulSet"}
programs = pytest.mark.parametrize("program", KINDS)


def workload(objects, program):
    return named(objects, KINDS[program], f"reviews-{program}")


def container(objects, program):
    (only,) = pod_template(workload(objects, program))["spec"]["containers"]
    return only


@programs
@pytest.mark.parametrize("name", EVERY_SET)
def test_config_maps_are_the_files(name, program):
    data = named(objects_of(name), "ConfigMap", f"reviews-{program}")["data"]

    assert data == {f"{program}.toml": (PROJECT / f"config/{program}.toml").read_text()}


@programs
def test_probes_and_ports_are_the_programs(program):
    only = container(objects_of("gke"), program)
    ports = {each["name"]: each["containerPort"] for each in only["ports"]}
    tables = defaults(program)

    assert ports.pop("management") == tables["management"]["port"]
    assert ports == ({"http": tables["http"]["port"]} if "http" in tables else {})
    paths = {
        name: only[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    assert paths == {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
    assert {only[name]["httpGet"]["port"] for name in paths} == {"management"}


@programs
def test_settings_that_change_without_a_roll_are_hot(program):
    tuned = dict(flat(tomllib.loads((K8S / f"base/tuning/{program}.toml").read_text())))

    assert any(key.startswith("pool.") for key in tuned)
    assert tuned.keys() <= hot_keys(program)
    assert tuned.items() <= dict(flat(defaults(program))).items()


@programs
def test_tuning_is_mounted_so_that_changes_arrive(program):
    objects = objects_of("gke")
    only = container(objects, program)
    mounts = {each["name"]: each for each in only["volumeMounts"]}
    folders = {name: mount["mountPath"] for name, mount in mounts.items()}

    assert "subPath" not in mounts["tuning"]
    assert only["args"] == [
        "--config",
        f"{folders['config']}/{program}.toml",
        "--config",
        f"{folders['tuning']}/{program}.toml",
    ]
    # Without a hash in the name, else a change would be a new name and so a roll.
    assert f"reviews-{program}-tuning" in {each["metadata"]["name"] for each in of_kind(objects, "ConfigMap")}


@pytest.mark.parametrize(
    ("path", "rolls"),
    [
        ("config/producer.toml", {"reviews-producer"}),
        ("config/consumer.toml", {"reviews-consumer"}),
        ("deploy/k8s/base/tuning/producer.toml", set()),
        ("deploy/k8s/base/tuning/consumer.toml", set()),
        ("deploy/k8s/components/kafka/server.properties", {"kafka"}),
        ("deploy/k8s/components/postgres/memory.conf", {"postgres"}),
    ],
)
def test_a_change_rolls_only_whom_it_concerns(path, rolls, tmp_path):
    copy_manifests(tmp_path)
    before = objects_of("own")

    with (tmp_path / path).open("a") as file:
        file.write("# changed\n")
    after = build_from(tmp_path, COMPONENT_SETS["own"])

    templates = [
        {each["metadata"]["name"]: pod_template(each) for each in workloads(objects)} for objects in (before, after)
    ]
    assert {name for name in templates[0] if templates[0][name] != templates[1][name]} == rolls
    assert before != after


def variables(objects, only):
    """The environment that a container gets; secrets and fields as made-up text."""
    config_maps = {each["metadata"]["name"]: each["data"] for each in of_kind(objects, "ConfigMap")}
    found = {}
    for source in only.get("envFrom", []):
        found.update(config_maps[source["configMapRef"]["name"]])
    for each in only.get("env", []):
        chosen = each.get("valueFrom", {}).get("configMapKeyRef")
        found[each["name"]] = config_maps[chosen["name"]][chosen["key"]] if chosen else each.get("value", "made-up-0")
    return found


@programs
@pytest.mark.parametrize("name", EVERY_SET)
def test_the_program_knows_every_variable(name, program):
    objects = objects_of(name)
    only = container(objects, program)
    environment = {key: text for key, text in variables(objects, only).items() if key.startswith("REVIEWS_")}
    # The authority's certificate is where the pod has it, not here.
    environment = {key: text for key, text in environment.items() if not key.endswith("_CA_LOCATION")}
    # A librdkafka without libcurl, such as bookworm's, cannot do OIDC; the images have trixie's.
    if "oidc" in environment.values():
        environment = {key: text for key, text in environment.items() if "_SASL_" not in key and "_SECURITY_" not in key}

    done = subprocess.run(
        [BUILD / f"reviews-{program}", "--check-config", "--config", K8S / f"base/tuning/{program}.toml"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, **environment},
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "The configuration has no mistakes.\n", "")


@programs
def test_an_unknown_variable_would_be_seen(program):
    done = subprocess.run(
        [BUILD / f"reviews-{program}", "--check-config"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "REVIEWS_KAFKA_BOOTSTRAP_SERVER": "kafka:9092"},
    )

    assert "warning: environment REVIEWS_KAFKA_BOOTSTRAP_SERVER" in done.stdout


@pytest.mark.parametrize("name", EVERY_SET)
def test_the_pods_name_is_the_group_instance_id(name):
    variable = {each["name"]: each for each in container(objects_of(name), "consumer")["env"]}

    assert variable["REVIEWS_KAFKA_GROUP_INSTANCE_ID"]["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name"}}


@pytest.mark.parametrize("name", EVERY_SET)
def test_reviewctl_knows_the_jobs_arguments(name):
    for job in of_kind(objects_of(name), "Job"):
        (only,) = pod_template(job)["spec"]["containers"]
        assert only["command"] == ["/usr/bin/reviewctl"]
        done = subprocess.run(
            # Nothing listens there: what is wrong with the arguments comes first.
            [BUILD / "reviewctl", *("1s" if each == "10m" else each for each in only["args"])],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={
                **os.environ,
                "REVIEWS_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
                "REVIEWS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            },
        )
        assert done.returncode == 69, done.stderr


def test_postgres_takes_the_connections_of_as_many_pods_as_there_may_be():
    def pool(program):
        return tomllib.loads((K8S / f"base/tuning/{program}.toml").read_text())["pool"]

    def component(path):
        return (K8S / "components" / path).read_text()

    (own,) = re.findall(r"^max_connections = (\d+)$", component("postgres/postgresql.conf"), re.MULTILINE)
    (cluster,) = of_kind(yaml.safe_load_all(component("cloudnative-pg/cluster.yaml")), "Cluster")
    (producers,) = re.findall(r'"maxReplicas":(\d+)', (PROJECT / "deploy/runbook.md").read_text())
    (consumers,) = of_kind(yaml.safe_load_all(component("keda/scaled-object.yaml")), "ScaledObject")
    listener, people = 1, 10

    needed = (
        int(producers) * (pool("producer")["readers"] + listener)
        + consumers["spec"]["maxReplicaCount"] * pool("consumer")["writers"]
        + people
    )

    assert needed <= min(int(own), int(cluster["spec"]["postgresql"]["parameters"]["max_connections"]))
