"""A listener to Server-Sent Events that keeps what it was told."""

import contextlib
import http.client
import json
import threading
from dataclasses import dataclass

from . import interface
from .http_client import Answer
from .waiting import wait_until


@dataclass
class Event:
    kind: str
    id: str  # empty: it had none
    data: dict


class EventStream:
    """GET /v1/events on a thread of its own, until it is closed or the server ends it."""

    def __init__(self, port, last_event_id=None):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"accept": "text/event-stream"}
        if last_event_id:
            headers["last-event-id"] = last_event_id
        self._connection.request("GET", "/v1/events", headers=headers)
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.headers = {name.lower(): value for name, value in self._response.getheaders()}
        interface.watch("GET", "/v1/events", headers, None, Answer(self.status, self.headers, None))
        self.retry_ms = None
        self.comments = []
        self.is_over = False
        self._events = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        fields = {}
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            while line := self._response.readline():
                text = line.decode().rstrip("\n")
                if not text:
                    self._dispatch(fields)
                    fields = {}
                elif text.startswith(":"):
                    self.comments.append(text)
                else:
                    name, _, value = text.partition(":")
                    fields[name] = value.removeprefix(" ")
        self.is_over = True

    def _dispatch(self, fields):
        if "retry" in fields:
            self.retry_ms = int(fields["retry"])
        if "data" in fields:
            interface.watch_event(fields)
            event = Event(fields.get("event", "message"), fields.get("id", ""), json.loads(fields["data"]))
            with self._lock:
                self._events.append(event)

    def events(self, kind):
        with self._lock:
            return [event for event in self._events if event.kind == kind]

    def reviews(self):
        return self.events("review")

    def wait_for_reviews(self, count, seconds=20):
        wait_until(lambda: len(self.reviews()) >= count, seconds, f"{count} review events")
        return self.reviews()

    def pipeline(self):
        """The newest state; None before the first one."""
        told = self.events("pipeline")
        return told[-1].data if told else None

    def wait_for_pipeline(self, holds, seconds, what):
        """The first of the states to come for which `holds(state)` is true."""
        begin = len(self.events("pipeline"))

        def found():
            return next((e.data for e in self.events("pipeline")[begin:] if holds(e.data)), None)

        return wait_until(found, seconds, what)

    def close(self):
        with contextlib.suppress(OSError):
            self._connection.sock and self._connection.sock.shutdown(2)
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
