"""HTTP as bytes: who must tell an answer from half of one, and a close from a reset."""

import json
import socket
from collections import deque

from . import interface
from .http_client import REVIEW, Answer


class Lost(Exception):
    """The connection ended where an answer was due; `how` is `closed`, `reset` or `cut` (half an answer)."""

    def __init__(self, how):
        super().__init__(how)
        self.how = how


class RawConnection:
    """Sends whole requests, several at once if asked, and reads whole answers."""

    def __init__(self, port, timeout=60):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._unanswered = deque()  # bodies

    def send(self, reviews):
        """One post a review, all in one go."""
        bodies = [json.dumps(review).encode() for review in reviews]
        self._unanswered.extend(bodies)
        try:
            self._socket.sendall(b"".join(map(_request, bodies)))
        except (ConnectionResetError, BrokenPipeError):
            pass  # what was answered before that can still be read

    def receive(self):
        """(status, {name in lower case: value}, whether the server closes after this); raises Lost."""
        while b"\r\n\r\n" not in self._received:
            self._read()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = int(headers["content-length"])
        while len(self._received) < length:
            self._read(is_in_body=True)
        body, self._received = self._received[:length], self._received[length:]
        answer = Answer(int(lines[0].split()[1]), headers, body)
        interface.watch("POST", "/v1/reviews", {"content-type": REVIEW}, self._unanswered.popleft(), answer)
        return answer.status, headers, headers.get("connection", "").lower() == "close"

    def _read(self, is_in_body=False):
        try:
            data = self._socket.recv(65536)
            how = "closed"
        except (ConnectionResetError, BrokenPipeError):
            data, how = b"", "reset"
        if not data:
            raise Lost("cut" if is_in_body or self._received else how)
        self._received += data

    def close(self):
        self._socket.close()


def _request(body):
    head = f"POST /v1/reviews HTTP/1.1\r\nhost: t\r\ncontent-type: {REVIEW}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body
