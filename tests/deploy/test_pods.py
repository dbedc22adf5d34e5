"""What every pod owes a cluster, whoever brings it."""

import pytest

from support.manifests import EVERY_SET, containers, objects_of, of_kind, pod_template, workloads
from support.settings import defaults, seconds

MARGIN_SECONDS = 5
# What a child that still blocks may take after the drain's deadline; see deploy/README.md.
BLOCKED_CHILD_SECONDS = 2

every_workload = pytest.mark.parametrize(
    "workload",
    [
        pytest.param(workload, id=f"{name}-{workload['metadata']['name']}")
        for name in EVERY_SET
        for workload in workloads(objects_of(name))
    ],
)


@every_workload
def test_pods_are_restricted(workload):
    pod = pod_template(workload)["spec"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers(workload):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@every_workload
def test_every_container_says_what_it_takes(workload):
    for container in containers(workload):
        for kind in ("requests", "limits"):
            assert container["resources"][kind].keys() == {"cpu", "memory", "ephemeral-storage"}


@every_workload
def test_what_runs_for_ever_is_probed(workload):
    for container in containers(workload):
        for_ever = workload["kind"] in ("Deployment", "StatefulSet") or container.get("restartPolicy") == "Always"
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert (probe in container) == for_ever


@every_workload
def test_no_sidecar_is_unready_for_want_of_a_database(workload):
    """Cloud SQL Auth Proxy's /readiness connects to the instances: producers would take no posts while one is away."""
    for container in containers(workload):
        if "cloud-sql-proxy" in container["image"]:
            assert container.get("readinessProbe", {}).get("httpGet", {}).get("path") != "/readiness"


@every_workload
def test_images_have_tags_that_stay(workload):
    for container in containers(workload):
        tag = container["image"].rpartition(":")[2]
        assert tag not in ("", "latest") and "/" not in tag


@pytest.mark.parametrize("name", EVERY_SET)
def test_names_of_setup_jobs_follow_their_image(name):
    for job in of_kind(objects_of(name), "Job"):
        image = containers(job)[-1]["image"]
        assert job["metadata"]["name"].endswith("-" + image.rpartition(":")[2])
        # A change of another ConfigMap must not change a Job, which cannot be changed.
        assert "volumes" not in pod_template(job)["spec"] or name in ("operators", "google")


@pytest.mark.parametrize("name", EVERY_SET)
def test_accounts_have_no_token(name):
    for account in of_kind(objects_of(name), "ServiceAccount"):
        assert account["automountServiceAccountToken"] is False


@pytest.mark.parametrize("program", ["producer", "consumer"])
@pytest.mark.parametrize("name", EVERY_SET)
def test_the_grace_period_fits_the_drain(name, program):
    (workload,) = [each for each in workloads(objects_of(name)) if each["metadata"]["name"] == f"reviews-{program}"]
    (container,) = pod_template(workload)["spec"]["containers"]
    before = container.get("lifecycle", {}).get("preStop", {"sleep": {"seconds": 0}})["sleep"]["seconds"]
    drain = seconds(defaults(program)["shutdown"]["drain-timeout"])

    assert (before > 0) == (program == "producer")
    grace = pod_template(workload)["spec"]["terminationGracePeriodSeconds"]
    assert grace >= before + drain + BLOCKED_CHILD_SECONDS + MARGIN_SECONDS


@pytest.mark.parametrize("name", EVERY_SET)
def test_the_budget_leaves_room_to_drain(name):
    objects = objects_of(name)
    (deployment,) = of_kind(objects, "Deployment")
    (scaler,) = of_kind(objects, "HorizontalPodAutoscaler")
    (budget,) = [
        each for each in of_kind(objects, "PodDisruptionBudget") if each["metadata"]["name"] == "reviews-producer"
    ]

    assert "replicas" not in deployment["spec"]
    assert scaler["spec"]["minReplicas"] > budget["spec"]["minAvailable"]
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_whoever_scales_the_consumer_alone_says_how_many():
    (scaled,) = [
        each for each in of_kind(objects_of("scaled"), "StatefulSet") if each["metadata"]["name"] == "reviews-consumer"
    ]

    assert "replicas" not in scaled["spec"]
