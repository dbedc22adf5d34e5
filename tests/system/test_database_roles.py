"""Three roles as deploy/k8s makes them, and its settings, on a Postgres of their own."""

import os
import shutil
import subprocess

import psycopg2
import pytest

from support.database import Database
from support.places import PROJECT
from support.programs import run_program
from support.reading import wait_until_read
from support.servers import PostgresServer
from support.waiting import wait_until

POSTGRES = PROJECT / "deploy/k8s/components/postgres"
ROLES = ["owner", "writer", "reader"]


class Roles:
    """The database `reviews` as each role reaches it."""

    def __init__(self, port):
        self._port = port
        self.passwords = {role: f"made-up {role} %/@:" for role in ROLES}

    def environment(self, role):
        """For a program: the password apart from the URL, as the pods have it."""
        return {
            "REVIEWS_DATABASE_URL": f"postgresql://reviews_{role}@127.0.0.1:{self._port}/reviews",
            "PGPASSWORD": self.passwords[role],
        }

    def database(self, role):
        return Database(
            f"host=127.0.0.1 port={self._port} dbname=reviews user=reviews_{role} password='{self.passwords[role]}'"
        )


@pytest.fixture(scope="module")
def server(folder):
    """A Postgres with the settings of the manifests, those for a small pod."""
    settings = folder / "settings"
    settings.mkdir()
    shutil.copy(POSTGRES / "postgresql.conf", settings)
    shutil.copy(PROJECT / "deploy/k8s/overlays/local/small/memory.conf", settings)
    for path in [settings, *settings.iterdir()]:
        path.chmod(0o755)
    (folder / "roles").mkdir(mode=0o755)
    server = PostgresServer(folder / "roles")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTGRES_OPTIONS", f"-c config_file={settings}/postgresql.conf")
        try:
            server.start()
            yield server
        finally:
            server.end()


@pytest.fixture(scope="module")
def roles(server):
    """The roles, made as the image makes them: psql reads the file as the superuser."""
    made = Roles(server.port)
    psql = ["psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
    environment = {
        **os.environ,
        **{f"{role.upper()}_PASSWORD": password for role, password in made.passwords.items()},
    }
    for words in (["--command=drop database reviews"], [f"--file={POSTGRES / 'roles.sql'}"]):
        done = subprocess.run(
            [*psql, server.url("postgres"), *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    done = run_program("reviewctl", "setup", "--schema-only", environment=made.environment("owner"))
    assert done.returncode == 0, done.stderr
    return made


def test_the_rights_are_enough_to_store_a_review_and_to_read_it_back(bare_stack, roles):
    bare_stack.reviewctl_ok("setup", "--topics-only", "--partitions", 1, "--replication-factor", 1)
    producer = bare_stack.started_producer(**roles.environment("reader"))
    bare_stack.started_consumer(**roles.environment("writer"))

    with producer.client() as client:
        receipt = client.post({"vendor_id": "cafe-uno", "author": "Ada", "rating": 5}).json()
        read_back = wait_until_read(client, f"/v1/reviews/{receipt['review_id']}")
        rating = client.get("/v1/vendors/cafe-uno/rating").json()
        listed = client.get("/v1/vendors/cafe-uno/reviews").json()["reviews"]

    assert listed == [read_back.json()]
    assert rating["rating_count"] == 1
    reader = roles.database("reader")
    row = wait_until(lambda: reader.review(receipt["review_id"]), 30, "the review as the reader sees it")
    assert row["vendor_id"] == "cafe-uno"
    assert reader.rating("cafe-uno")["rating_count"] == 1


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("reader", "insert into consumer_offsets values ('g', 't', 0, 0)"),
        ("reader", "update vendor_ratings set rating_sum = 0"),
        ("reader", "create table mine (n integer)"),
        ("writer", "delete from reviews"),
        ("writer", "truncate reviews"),
        ("writer", "drop table reviews"),
        ("writer", "create table mine (n integer)"),
        ("writer", "create temporary table mine (n integer)"),
    ],
)
def test_no_role_may_do_more(roles, role, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        roles.database(role).execute(statement)


def test_a_readers_dump_comes_back_with_every_right(roles, server, tmp_path):
    roles.database("writer").execute("insert into consumer_offsets values ('g', 't', 3, 17)")
    dump = tmp_path / "reviews.dump"
    for role, words in [
        ("reader", ["pg_dump", "--format=custom", f"--file={dump}"]),
        (None, ["psql", "--no-psqlrc", f"--file={POSTGRES / 'empty_database.sql'}", server.url("postgres")]),
        ("owner", ["pg_restore", "--no-owner", "--exit-on-error", "--dbname=reviews", dump]),
    ]:
        environment = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port)}
        if role:
            environment.update(PGUSER=f"reviews_{role}", PGDATABASE="reviews", PGPASSWORD=roles.passwords[role])
        done = subprocess.run(
            words, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr

    dumped = "consumer_offsets where group_id = 'g' and topic = 't' and topic_partition = 3"
    assert roles.database("reader").query(f"select next_offset from {dumped}") == [{"next_offset": 17}]
    assert roles.database("writer").execute(f"update {dumped.replace('where', 'set next_offset = 18 where')}") == 1
    roles.database("owner").execute("create table later (n integer)")
    assert roles.database("reader").query("select n from later") == []
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        roles.database("writer").execute("drop table later")


def test_postgres_takes_every_setting(server):
    database = Database(server.url("postgres"))

    # The test's own server listens on loopback only, whatever the file says.
    refused = "select name, error from pg_file_settings where error is not null and name <> 'listen_addresses'"
    assert database.query(refused) == []
    assert database.query("show shared_buffers") == [{"shared_buffers": "128MB"}]
    assert database.query("show wal_compression") == [{"wal_compression": "lz4"}]
