"""Ways to leave Postgres without room: SQLSTATE 53100, disk_full.

A small tmpfs where one may be mounted (root on an ordinary machine), else a limit on the size of files
(setrlimit(2), RLIMIT_FSIZE), which any user may set on processes of its own. `small_disk` chooses; the variable
FAULTS_DISK=tmpfs or =limit decides for it.
"""

import contextlib
import errno
import os
import pathlib
import shutil
import subprocess

import psycopg2

TMPFS_BYTES = 512 * 1024 * 1024
PAGE_BYTES = 8192
SEGMENT_BYTES = 1024 * 1024  # of the write-ahead log, which is not to be hit
HEADROOM_PAGES = 100  # files grow while the limit is being set, and beyond it Postgres sees another error


def small_disk(folder):
    wish = os.environ.get("FAULTS_DISK")
    if wish != "limit":
        disk = TmpfsDisk.mounted(folder)
        if disk or wish == "tmpfs":
            return disk
    return FileSizeLimit()


class TmpfsDisk:
    """A tablespace on a tmpfs; full when a file takes all that is left."""

    environment = {}

    def __init__(self, path):
        self.path = path
        self._filler = path / "filler"

    def __str__(self):
        return f"a tmpfs of {TMPFS_BYTES >> 20} MiB"

    @classmethod
    def mounted(cls, folder):
        """None when this user may not mount."""
        path = folder / "disk"
        path.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES},mode=0755", "reviews-faults", str(path)]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            return None
        return cls(path)

    def take(self, postgres, database):
        home = self.path / database
        home.mkdir(mode=0o700)
        if os.getuid() == 0:
            shutil.chown(home, "postgres", "postgres")
        _run(postgres, f"create tablespace \"{database}\" location '{home}'")
        _run(postgres, f'alter database "{database}" set tablespace "{database}"')

    def fill(self, _):
        with open(self._filler, "ab", buffering=0) as filler:
            with contextlib.suppress(OSError):
                os.posix_fallocate(filler.fileno(), 0, shutil.disk_usage(self.path).free)
            while True:
                try:
                    filler.seek(0, os.SEEK_END)
                    filler.write(bytes(PAGE_BYTES))
                except OSError as failure:
                    if failure.errno != errno.ENOSPC:
                        raise
                    return

    def free(self, _):
        self._filler.unlink(missing_ok=True)

    def end(self):
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)


class FileSizeLimit:
    """Files end in the middle of a page: the write is short, which Postgres calls a full disk."""

    environment = {"POSTGRES_INITDB_OPTIONS": f"--wal-segsize={SEGMENT_BYTES >> 20}"}

    def __str__(self):
        return "a limit on the size of files"

    def take(self, postgres, database):
        pass

    def fill(self, postgres):
        self._limit(postgres, str(self._room(postgres) + PAGE_BYTES // 2))

    def free(self, postgres):
        self._limit(postgres, "unlimited")

    def end(self):
        pass

    def _room(self, postgres):
        sizes = [path.stat().st_size for path in pathlib.Path(postgres.data_dir()).glob("base/*/*")]
        pages = max(SEGMENT_BYTES, *sizes) // PAGE_BYTES
        return (pages + HEADROOM_PAGES) * PAGE_BYTES

    def _limit(self, postgres, soft):
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        for pid in postgres.processes():
            command = [*as_owner, "prlimit", f"--pid={pid}", f"--fsize={soft}:"]
            subprocess.run(command, capture_output=True, check=False)  # a session may have ended meanwhile


def _run(postgres, sql):
    with contextlib.closing(psycopg2.connect(postgres.url())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
