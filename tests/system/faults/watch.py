"""Looks all the time: who is ready, how far the stored offsets are, who has ended unasked."""

import contextlib
import http.client
import threading
import time

import psycopg2

LOOK_SECONDS = 0.1
PROBE_SECONDS = 1


class Watch:
    """Three abilities come and go: `ready`, both programs' /readyz; `accept`, every partition gets
    202; `store`, what had been acknowledged is in Postgres."""

    def __init__(self, stage, ledger):
        self._stage = stage
        self._ledger = ledger
        self._is_over = threading.Event()
        self._looks = []  # (when it began, when it ended, were all ready)
        self._next_offsets = {}
        self.violations = []
        self._threads = [threading.Thread(target=look) for look in (self._look_at_programs, self._look_at_offsets)]
        for thread in self._threads:
            thread.start()

    def end(self):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def ready_since(self, moment):
        """When all were first seen ready by a look that began after `moment`; None: not yet."""
        seen = None
        for began, ended, is_ready in reversed(self._looks):
            if began < moment:
                break
            if is_ready:
                seen = ended
        return seen

    def acknowledged(self):
        """{partition: highest offset that a client was told}"""
        return {partition: offset for partition, (_, offset) in list(self._ledger.acknowledged.items())}

    def accepts_since(self, moment):
        """Whether each partition has acknowledged a request that began after `moment`."""
        return all(began >= moment for began, _ in list(self._ledger.acknowledged.values()))

    def has_stored(self, acknowledged):
        return all(self._next_offsets.get(partition, 0) > offset for partition, offset in acknowledged.items())

    def _look_at_programs(self):
        while not self._is_over.wait(LOOK_SECONDS):
            began = time.time()
            is_ready = True
            for name, program in self._stage.regulars().items():
                if not program.is_running() and program not in self._stage.absent:
                    self._note_unasked_end(name, program)
                is_ready &= program.is_running() and _answers_200(program.management_port)
            self._looks.append((began, time.time(), is_ready))

    def _note_unasked_end(self, name, program):
        status = program.wait_for_exit(1)
        self.violations.append(f"{name} ended unasked with {status}:\n{program.log_tail(5)}")
        program.launch()

    def _look_at_offsets(self):
        stack = self._stage.stack
        while not self._is_over.wait(LOOK_SECONDS):
            with contextlib.suppress(psycopg2.Error):
                for partition, offset in stack.database.next_offsets(stack.group_id, stack.topic_name).items():
                    if offset < self._next_offsets.get(partition, 0):
                        self.violations.append(
                            f"partition {partition}: next_offset went back from "
                            f"{self._next_offsets[partition]} to {offset}"
                        )
                    self._next_offsets[partition] = offset


def _answers_200(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
