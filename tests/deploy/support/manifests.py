"""What kubectl would apply, as objects."""

import functools
import pathlib
import re
import subprocess
import tempfile

import yaml

from .places import K8S, PROJECT, tool

# Every component in a set that belongs together, by a name for the tests.
COMPONENT_SETS = {
    "own": ["kafka", "postgres"],
    "operators": ["strimzi", "cloudnative-pg"],
    "google": ["google-managed"],
    "scaled": ["kafka", "postgres", "keda"],
    "watched-by-google": ["kafka", "postgres", "monitoring/google"],
    "watched-by-operator": ["kafka", "postgres", "monitoring/operator"],
}
OVERLAYS = ["gke", "local"]
EVERY_SET = OVERLAYS + list(COMPONENT_SETS)


def build(folder):
    """The objects of a kustomization; fails with kubectl's own words."""
    done = subprocess.run(
        [tool("kubectl"), "kustomize", str(folder)], capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return list(yaml.safe_load_all(done.stdout))


def build_from(project, components):
    """The base of a copy of the project with some components, as an overlay of its own would be."""
    k8s = pathlib.Path(project, "deploy/k8s")
    with tempfile.TemporaryDirectory(dir=k8s / "overlays", prefix="test-") as folder:
        names = [f"../../components/{name}" for name in components]
        pathlib.Path(folder, "kustomization.yaml").write_text(
            yaml.safe_dump(
                {
                    "namespace": "reviews",
                    "resources": ["../../base"],
                    "components": [*names, "../gke/images", "../../components/setup-names"],
                }
            )
        )
        return build(folder)


@functools.lru_cache(maxsize=None)
def objects_of(name):
    """The objects of an overlay or of one of COMPONENT_SETS; shared, so for reading only."""
    if name in OVERLAYS:
        return build(K8S / "overlays" / name)
    with tempfile.TemporaryDirectory() as copy:
        copy_manifests(copy)
        return build_from(copy, COMPONENT_SETS[name])


def copy_manifests(folder):
    """Copies what kustomize reads, so that a test may change it."""
    for part in ("config", "deploy/k8s"):
        for source in (PROJECT / part).rglob("*"):
            if source.is_file():
                target = pathlib.Path(folder, source.relative_to(PROJECT))
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read_bytes())


def of_kind(objects, kind):
    return [each for each in objects if each["kind"] == kind]


def named(objects, kind, name):
    """The one object of a kind whose name is `name`, or begins with it and ends in a generated hash."""
    (found,) = [
        each
        for each in of_kind(objects, kind)
        if re.fullmatch(re.escape(name) + "(-[a-z0-9]{10})?", each["metadata"]["name"])
    ]
    return found


def pod_template(workload):
    """The pod template of a Deployment, StatefulSet, Job or CronJob."""
    spec = workload["spec"]
    return spec["jobTemplate"]["spec"]["template"] if workload["kind"] == "CronJob" else spec["template"]


def workloads(objects):
    return [each for each in objects if each["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob")]


def containers(workload):
    """Containers and sidecars."""
    pod = pod_template(workload)["spec"]
    return pod.get("initContainers", []) + pod["containers"]
