"""A Postgres that can be killed, stopped, cut off from its clients and left without room."""

import contextlib
import os
import pathlib
import signal
import time

import psycopg2

from support.servers import PostgresServer
from support.waiting import wait_until


class Postgres(PostgresServer):
    """Its databases lie on `disk`."""

    def __init__(self, folder, disk):
        super().__init__(folder)
        self.disk = disk
        self.environment.update({"POSTGRES_OPTIONS": "-c log_error_verbosity=verbose", **disk.environment})

    def processes(self):
        """The postmaster and all that it has started."""
        if not self.is_running():
            return []
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [self.pid, *map(int, children.split())]

    def kill(self):
        """The postmaster only; its children notice by themselves, and until then it cannot start again."""
        children = self.processes()[1:]
        super().kill()
        wait_until(lambda: not any(_is_alive(pid) for pid in children), 30, "postgres: its children gone")

    def signal_all(self, number):
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def shut_down_slowly(self, seconds):
        """Smart: nobody new comes in, those who are there may stay; then fast."""
        self.send(signal.SIGTERM)
        time.sleep(seconds)
        assert self.stop() == 0, self.log_tail()

    def ask(self, sql, *arguments):
        """The first value of the first row."""
        with contextlib.closing(psycopg2.connect(self.url(), connect_timeout=5)) as connection:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, arguments)
                return cursor.fetchone()[0]

    def terminate_backend(self):
        """Ends one session of a consumer; whether there was one."""
        return bool(
            self.ask(
                """select count(pg_terminate_backend(pid)) from
                   (select pid from pg_stat_activity where application_name like 'consumer-%%'
                    order by random() limit 1) as one"""
            )
        )

    def data_dir(self):
        return self.ask("show data_directory")

    def disk_full_count(self):
        """How often it has said so."""
        return self.log().count(" 53100: ")

    def create_database(self, name):
        super().create_database(name)
        self.disk.take(self, name)

    def end(self):
        self.signal_all(signal.SIGCONT)
        super().end()


def _is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
