"""A Postgres that takes nobody without TLS, and roles that may do only what they must."""

import os
import shutil
import signal
import urllib.parse

import psycopg2
from psycopg2 import sql

from .certificates import DAY, Authority
from .database import Database
from .servers import PostgresServer
from .waiting import wait_until

PASSWORDS = {role: f"made-up {role} %/@:" for role in ("owner", "writer", "reader")}
BY_CERTIFICATE = "by_certificate"

_RULES = """
hostssl all {by_certificate} 127.0.0.1/32 cert
hostssl all all 127.0.0.1/32 scram-sha-256
"""

_ROLES = """
create role owner login password {owner};
create role writer login password {writer};
create role reader login password {reader};
create role by_certificate login in role writer;
"""

_RIGHTS = """
grant create on database {database} to owner;
revoke all on schema public from public;
grant usage, create on schema public to owner;
grant usage on schema public to writer, reader;
alter default privileges for role owner in schema public grant select, insert, update on tables to writer;
alter default privileges for role owner in schema public grant select on tables to reader;
"""


class SecuredPostgres(PostgresServer):
    """Its certificate is for `localhost`; `present` gives it another."""

    def __init__(self, folder):
        self.folder = folder / "secured-postgres"
        self.folder.mkdir(mode=0o755)
        self.authority = Authority(self.folder, "authority")
        self.stranger = Authority(self.folder, "stranger")
        self.good = self.authority.server()
        self.expired = self.authority.server("expired", valid_for=-DAY)
        self._rules = self.folder / "pg_hba.conf"
        self._rules.write_text(_RULES.format(by_certificate=BY_CERTIFICATE))
        self._show(self.good)
        super().__init__(
            self.folder,
            f"-c ssl=on -c ssl_cert_file={self.folder}/server.crt -c ssl_key_file={self.folder}/server.key"
            f" -c ssl_ca_file={self.authority.certificate} -c hba_file={self._rules} -c log_connections=on",
        )

    def start(self):
        super().start()
        with psycopg2.connect(self.url()) as connection, connection.cursor() as cursor:
            words = {role: sql.Literal(password) for role, password in PASSWORDS.items()}
            cursor.execute(sql.SQL(_ROLES).format(**words))
        connection.close()

    def create_database(self, name):
        super().create_database(name)
        Database(self.url(name)).execute(_RIGHTS.format(database=name))

    def secured_url(self, role, database, host="localhost", password=None, **parameters):
        """As production has it: verify-full. `host` is found at 127.0.0.1, whatever it is."""
        words = {
            "hostaddr": "127.0.0.1",
            "sslmode": "verify-full",
            "sslrootcert": self.authority.certificate,
            **parameters,
        }
        secret = password or PASSWORDS.get(role)
        user = role if secret is None else f"{role}:{urllib.parse.quote(secret, safe='')}"
        return f"postgresql://{user}@{host}:{self.port}/{database}?{urllib.parse.urlencode(words)}"

    def by_certificate(self, database, identity):
        return self.secured_url(BY_CERTIFICATE, database, sslcert=identity.certificate, sslkey=identity.key)

    def present(self, identity):
        """Shows this certificate to whoever connects from now on."""
        reloads = self.log().count("SIGHUP")
        self._show(identity)
        self.send(signal.SIGHUP)
        wait_until(lambda: self.log().count("SIGHUP") > reloads, 30, "postgres: its certificate read again")

    def _show(self, identity):
        for kind, path in (("crt", identity.certificate), ("key", identity.key)):
            shown = self.folder / f"server.{kind}"
            shutil.copy(path, shown)
            shown.chmod(0o640 if os.getuid() == 0 else 0o600)
            if os.getuid() == 0:
                shutil.chown(shown, group="postgres")
