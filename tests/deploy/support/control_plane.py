"""A real control plane on loopback: etcd, API server, controllers, scheduler; no kubelet."""

import contextlib
import json
import secrets
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

from .places import tool

PROGRAMS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]
START_SECONDS = 180


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ControlPlane:
    """Programs from `binaries`, everything else in `folder`."""

    def __init__(self, binaries, folder):
        self._binaries = binaries
        self._folder = folder
        self._processes = []
        self._token = secrets.token_hex(16)
        self._port = free_port()
        self.kubeconfig = folder / "kubeconfig"

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            undo.callback(self._stop)
            self._start()
            undo.pop_all()
        return self

    def __exit__(self, *_):
        self._stop()

    def kubectl(self, *arguments, seconds=120):
        """Runs kubectl to its end: returncode, stdout, stderr."""
        return subprocess.run(
            [tool("kubectl"), "--kubeconfig", self.kubeconfig, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def request(self, method, path, body=None, content_type="application/json", seconds=30):
        """Opens a request to the API; the answer is read like a file."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": content_type}
        request = urllib.request.Request(
            f"https://127.0.0.1:{self._port}{path}", data=data, headers=headers, method=method
        )
        return urllib.request.urlopen(request, timeout=seconds, context=self._trust)

    def call(self, method, path, body=None, content_type="application/json"):
        """As `request`, the answer as an object."""
        with self.request(method, path, body, content_type) as answer:
            return json.load(answer)

    def _start(self):
        folder = self._folder
        subprocess.run(
            ["openssl", "genrsa", "-out", folder / "accounts.key", "2048"], check=True, capture_output=True, timeout=60
        )
        (folder / "tokens.csv").write_text(f"{self._token},admin,admin,system:masters\n")
        clients, peers = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        # fmt: off
        self._run(
            "etcd", "--data-dir", folder / "etcd", "--unsafe-no-fsync",
            "--listen-client-urls", clients, "--advertise-client-urls", clients,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
            "--initial-cluster", f"default={peers}",
        )
        self._run(
            "kube-apiserver", "--etcd-servers", clients, "--bind-address", "127.0.0.1",
            "--advertise-address", "127.0.0.1", "--secure-port", self._port, "--cert-dir", folder / "certs",
            "--endpoint-reconciler-type", "none", "--authorization-mode", "RBAC",
            "--token-auth-file", folder / "tokens.csv", "--service-cluster-ip-range", "10.96.0.0/16",
            "--service-account-issuer", "https://kubernetes.default.svc",
            "--service-account-key-file", folder / "accounts.key",
            "--service-account-signing-key-file", folder / "accounts.key",
        )
        # fmt: on
        certificate = folder / "certs/apiserver.crt"
        self._wait(lambda: certificate.exists() and certificate.stat().st_size > 0)
        self._trust = ssl.create_default_context(cafile=certificate)
        self._trust.check_hostname = False
        self.kubeconfig.write_text(
            json.dumps(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "clusters": [
                        {
                            "name": "here",
                            "cluster": {
                                "server": f"https://127.0.0.1:{self._port}",
                                "certificate-authority": str(certificate),
                            },
                        }
                    ],
                    "users": [{"name": "admin", "user": {"token": self._token}}],
                    "contexts": [{"name": "here", "context": {"cluster": "here", "user": "admin"}}],
                    "current-context": "here",
                }
            )
        )
        self.kubeconfig.chmod(0o600)
        self._wait(self._is_ready)
        # fmt: off
        self._run(
            "kube-controller-manager", "--kubeconfig", self.kubeconfig, "--leader-elect=false",
            "--bind-address", "127.0.0.1", "--secure-port", free_port(), "--use-service-account-credentials",
            "--service-account-private-key-file", folder / "accounts.key", "--root-ca-file", certificate,
            # Nobody reports for the made-up nodes.
            "--node-monitor-grace-period", "24h",
        )
        self._run(
            "kube-scheduler", "--kubeconfig", self.kubeconfig, "--leader-elect=false",
            "--bind-address", "127.0.0.1", "--secure-port", free_port(),
        )
        # fmt: on

    def _run(self, program, *arguments):
        with (self._folder / f"{program}.log").open("w") as log:
            self._processes.append(
                subprocess.Popen(
                    [self._binaries / program, *map(str, arguments)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )

    def _is_ready(self):
        try:
            with self.request("GET", "/readyz", seconds=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _wait(self, condition):
        deadline = time.monotonic() + START_SECONDS
        while not condition():
            for each in self._processes:
                name = each.args[0].name
                log = (self._folder / f"{name}.log").read_text()[-2000:]
                assert each.poll() is None, f"{name}: expected it to run, got its end\n{log}"
            assert time.monotonic() < deadline, f"control plane: expected it ready in {START_SECONDS} s"
            time.sleep(0.2)

    def _stop(self):
        for each in reversed(self._processes):
            each.terminate()
            try:
                each.wait(20)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait(5)
        self._processes.clear()
