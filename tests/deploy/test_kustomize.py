"""Everything builds, is what Kubernetes calls valid, and refers only to what there is."""

import subprocess

import pytest
import yaml

from support.manifests import COMPONENT_SETS, EVERY_SET, OVERLAYS, named, objects_of, of_kind, pod_template, workloads
from support.places import COMPONENTS, tool

# The oldest release that the manifests are for (preStop sleep, native sidecars), and a current one.
KUBERNETES_VERSIONS = ["1.30", "1.35"]
OPERATORS_GROUPS = {
    "kafka.strimzi.io",
    "postgresql.cnpg.io",
    "keda.sh",
    "monitoring.coreos.com",
    "monitoring.googleapis.com",
}
SECRETS_MADE_ELSEWHERE = {
    "postgres-superuser",
    "reviews-database-owner",
    "reviews-database-writer",
    "reviews-database-reader",
}
# Strimzi and CloudNativePG make these.
SECRETS_OF_OPERATORS = {"reviews-producer", "reviews-consumer", "reviews-cluster-ca-cert", "reviews-db-ca"}


def group(each):
    return each["apiVersion"].rpartition("/")[0]


@pytest.mark.parametrize("version", KUBERNETES_VERSIONS)
@pytest.mark.parametrize("name", EVERY_SET)
def test_the_schemas_of_kubernetes_hold(name, version, tmp_path):
    path = tmp_path / "all.yaml"
    path.write_text(yaml.safe_dump_all(each for each in objects_of(name) if group(each) not in OPERATORS_GROUPS))

    done = subprocess.run(
        [tool("kubernetes-validate"), "--strict", "--quiet", "--no-warn", "-k", version, path],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_empty_cluster_knows_every_kind(name):
    assert not {group(each) for each in objects_of(name)} & OPERATORS_GROUPS


def test_every_component_is_in_a_set():
    found = {
        str(path.parent.relative_to(COMPONENTS))
        for path in COMPONENTS.rglob("kustomization.yaml")
        if yaml.safe_load(path.read_text())["kind"] == "Component"
    }

    assert found - {"setup-names"} == {each for members in COMPONENT_SETS.values() for each in members}


@pytest.mark.parametrize("name", EVERY_SET)
def test_all_is_in_one_namespace_that_enforces_restricted_pods(name):
    objects = objects_of(name)
    (namespace,) = of_kind(objects, "Namespace")

    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for each in objects:
        if each is not namespace:
            assert each["metadata"]["namespace"] == namespace["metadata"]["name"], each["metadata"]


@pytest.mark.parametrize("name", EVERY_SET)
def test_no_secret_is_in_the_manifests(name):
    assert of_kind(objects_of(name), "Secret") == []


def references(node, kind, key):
    """The names below every `kind: {key: name}`, wherever it stands."""
    if isinstance(node, dict):
        if isinstance(node.get(kind), dict) and key in node[kind]:
            yield node[kind][key]
        for value in node.values():
            yield from references(value, kind, key)
    elif isinstance(node, list):
        for value in node:
            yield from references(value, kind, key)


@pytest.mark.parametrize("name", EVERY_SET)
def test_what_pods_refer_to_is_there(name):
    objects = objects_of(name)
    config_maps = {each["metadata"]["name"]: each["data"] for each in of_kind(objects, "ConfigMap")}
    accounts = {each["metadata"]["name"] for each in of_kind(objects, "ServiceAccount")}
    secrets = SECRETS_MADE_ELSEWHERE | (SECRETS_OF_OPERATORS if name == "operators" else set())
    for workload in workloads(objects):
        template = pod_template(workload)
        assert template["spec"]["serviceAccountName"] in accounts
        for kind in ("configMapKeyRef", "configMapRef", "configMap"):
            assert set(references(template, kind, "name")) <= config_maps.keys()
        assert set(references(template, "secretKeyRef", "name")) <= secrets
        assert set(references(template, "secret", "secretName")) <= secrets
        for container in template["spec"]["containers"]:
            for variable in container.get("env", []):
                chosen = variable.get("valueFrom", {}).get("configMapKeyRef")
                assert chosen is None or chosen["key"] in config_maps[chosen["name"]]


def test_secrets_are_made_as_the_manifests_expect():
    made = (COMPONENTS.parent / "secrets").read_text()

    for secret in SECRETS_MADE_ELSEWHERE:
        assert f"\n{secret} " in made


@pytest.mark.parametrize("name", ["operators", "google"])
def test_other_servers_leave_none_of_our_own(name):
    names = {each["metadata"]["name"] for each in workloads(objects_of(name))}

    assert not names & {"kafka", "postgres", "postgres-backup"}


def test_the_alerts_are_one_source():
    by_operator = named(objects_of("watched-by-operator"), "PrometheusRule", "reviews")
    by_google = named(objects_of("watched-by-google"), "Rules", "reviews")

    assert by_google["spec"]["groups"] == by_operator["spec"]["groups"] != []
    assert of_kind(objects_of("watched-by-google"), "PrometheusRule") == []
