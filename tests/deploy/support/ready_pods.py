"""How many pods were ready at every moment."""

import json
import threading
import urllib.parse


class ReadyPods:
    """As a context: follows the pods of a workload and remembers the fewest that were ready at once.

    A pod that is to go does not count: no Service sends to it any more.
    """

    def __init__(self, plane, namespace, name):
        self._plane = plane
        self._path = f"/api/v1/namespaces/{namespace}/pods?labelSelector=" + urllib.parse.quote(
            f"app.kubernetes.io/name={name}"
        )
        self._ready = {}
        self._answer = None
        self._over = False
        self.fewest = None

    def __enter__(self):
        listed = self._plane.call("GET", self._path)
        for pod in listed["items"]:
            self._note("ADDED", pod)
        self.fewest = sum(self._ready.values())
        version = listed["metadata"]["resourceVersion"]
        self._answer = self._plane.request("GET", f"{self._path}&watch=1&resourceVersion={version}", seconds=3600)
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        # The thread ends at the next event, or with the server.
        self._over = True

    def _follow(self):
        for line in self._answer:
            if self._over:
                return
            event = json.loads(line)
            self._note(event["type"], event["object"])
            self.fewest = min(self.fewest, sum(self._ready.values()))

    def _note(self, what, pod):
        conditions = {each["type"]: each["status"] for each in pod.get("status", {}).get("conditions", [])}
        self._ready[pod["metadata"]["uid"]] = (
            what != "DELETED" and "deletionTimestamp" not in pod["metadata"] and conditions.get("Ready") == "True"
        )
