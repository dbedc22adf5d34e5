"""Nodes that do not exist, and what their kubelets would report.

A pod becomes ready, or a Job's pod succeeds, a while after it was scheduled; a pod that is to go is gone a
while later. Nothing runs.
"""

import datetime
import threading
import time
import urllib.error

READY_AFTER_SECONDS = 2.0
GONE_AFTER_SECONDS = 3.0
LOOK_EVERY_SECONDS = 0.2
MERGE = "application/strategic-merge-patch+json"


def _now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class MadeUpNodes:
    """As a context: the nodes exist and their pods come and go."""

    def __init__(self, plane, zones, nodes_a_zone):
        self._plane = plane
        self.names = [f"node-{zone}-{number}" for zone in zones for number in range(nodes_a_zone)]
        self._seen = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self):
        for name in self.names:
            self._add_node(name)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join(60)

    def _add_node(self, name):
        labels = {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": name.split("-")[1]}
        self._plane.call(
            "POST",
            "/api/v1/nodes",
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}},
        )
        room = {"cpu": "16", "memory": "64Gi", "pods": "110", "ephemeral-storage": "100Gi"}
        ready = {
            "type": "Ready",
            "status": "True",
            "reason": "MadeUp",
            "lastHeartbeatTime": _now(),
            "lastTransitionTime": _now(),
        }
        self._plane.call(
            "PATCH",
            f"/api/v1/nodes/{name}/status",
            {"status": {"capacity": room, "allocatable": room, "conditions": [ready]}},
            MERGE,
        )

    def _work(self):
        while not self._over.wait(LOOK_EVERY_SECONDS):
            for pod in self._plane.call("GET", "/api/v1/pods")["items"]:
                try:
                    self._attend(pod)
                except urllib.error.HTTPError as error:
                    # It has gone or changed since; the next look sees how.
                    if error.code not in (404, 409):
                        raise

    def _attend(self, pod):
        metadata, status = pod["metadata"], pod.get("status", {})
        if "nodeName" not in pod["spec"]:
            return
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
        if "deletionTimestamp" in metadata:
            grace = metadata.get("deletionGracePeriodSeconds", 0)
            if self._since(metadata["uid"], "going") >= min(grace, GONE_AFTER_SECONDS):
                self._plane.call(
                    "DELETE", path, {"gracePeriodSeconds": 0, "preconditions": {"uid": metadata["uid"]}}
                )
        elif status.get("phase") == "Pending" and self._since(metadata["uid"], "coming") >= READY_AFTER_SECONDS:
            of_job = any(owner["kind"] == "Job" for owner in metadata.get("ownerReferences", []))
            self._plane.call("PATCH", path + "/status", {"status": _status(pod, of_job)}, MERGE)

    def _since(self, uid, what):
        now = time.monotonic()
        return now - self._seen.setdefault((uid, what), now)


def _status(pod, is_over):
    conditions = ["Initialized", "PodScheduled"] + ([] if is_over else ["ContainersReady", "Ready"])
    state = {"terminated": {"exitCode": 0}} if is_over else {"running": {"startedAt": _now()}}
    return {
        "phase": "Succeeded" if is_over else "Running",
        "startTime": _now(),
        "conditions": [{"type": each, "status": "True", "lastTransitionTime": _now()} for each in conditions],
        "containerStatuses": [
            {
                "name": each["name"],
                "image": each["image"],
                "imageID": "",
                "ready": not is_over,
                "restartCount": 0,
                "state": state,
            }
            for each in pod["spec"]["containers"]
        ],
    }
