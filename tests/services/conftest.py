"""What the tests of this folder need: a PostGIS of their own, a browser, the served atlas."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from tests import chromium, serving
from tests.missing import lacks
from tests.serving import free_port
from tests.synthetic import synthetic_table


def pytest_configure(config: pytest.Config) -> None:
    """Take the browser and the server from where other folders have them too: one of each."""
    for module in (chromium, serving):
        if not config.pluginmanager.is_registered(module):
            config.pluginmanager.register(module)


SCHEMA, TABLE = "synthetic", 'Points "2026"; x'
USER, PASSWORD = "atlas_reader", "only for this test"
COUNT = 20_000
OWNER = {"user": "owner", "password": "owner"}


def server_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, where PostGIS is there too."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        version = folder.parent.name
        extension = Path(f"/usr/share/postgresql/{version}/extension/postgis.control")
        if (folder / "initdb").exists() and extension.exists():
            return folder
    return None


def ordinary_user() -> str | None:
    """Return who may run the server: nobody else where we are no root ourselves."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass(frozen=True)
class Database:
    """A running server with one table of synthetic points."""

    port: int
    folder: Path
    user: str | None
    programs: Path

    def call(self, name: str, *arguments: str) -> None:
        """Run one of the server's programs on this server's folder."""
        # The server must not keep our pipes open: its log goes to a file.
        done = subprocess.run(
            [str(self.programs / name), "-D", str(self.folder / "data"), *arguments],
            user=self.user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=90,
        )
        assert done.returncode == 0, f"{name} ended with {done.returncode}"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.call("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def kill(self) -> None:
        """End the server as a fall does: no word to who is connected, nothing finished."""
        self.call("pg_ctl", "-m", "immediate", "stop")

    def address(self, table: str = f"{SCHEMA}.{TABLE}", more: str = "") -> str:
        return f"postgresql://127.0.0.1:{self.port}/atlas?table={quote(table)}{more}"

    def connect(self, database: str = "atlas", **options: bool) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname=database, **OWNER, **options
        )


@pytest.fixture(scope="session")
def database(province) -> Iterator[Database]:
    """A PostGIS server in a temporary folder, run by an ordinary user, with synthetic points."""
    programs = server_programs()
    if programs is None:
        lacks("PostGIS", "install Debian's `postgresql-15-postgis-3`", always_needed=True)
    user = ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="atlas-postgis-"))
    if user:
        shutil.chown(folder, user)
    try:
        found = Database(free_port(), folder, user, programs)
        run(found)
        fill(found, province)
        yield found
    finally:
        stop = [str(programs / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"]
        subprocess.run(stop, user=user, cwd="/", check=False, capture_output=True)
        shutil.rmtree(folder)


def run(database: Database) -> None:
    word = database.folder / "password"
    word.write_text("owner")
    word.chmod(0o644)
    secret = ("-A", "scram-sha-256", f"--pwfile={word}")
    database.call("initdb", "-U", "owner", *secret, "-E", "UTF8", "-N")
    database.start()
    with database.connect(database="postgres", autocommit=True) as first:
        first.execute("CREATE DATABASE atlas")


def fill(database: Database, province) -> None:
    identifier = psycopg.sql.Identifier(SCHEMA, TABLE)
    points = synthetic_table(province, COUNT)
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION postgis")
        cursor.execute(psycopg.sql.SQL("CREATE SCHEMA {}").format(psycopg.sql.Identifier(SCHEMA)))
        cursor.execute(
            psycopg.sql.SQL(
                "CREATE TABLE {} (id text, sector text, year int, staff int,"
                ' "share of x" double precision, place geometry(Point, 4326))'
            ).format(identifier)
        )
        with cursor.copy(psycopg.sql.SQL("COPY {} FROM STDIN").format(identifier)) as copy:
            for row in points.to_pylist():
                place = f"SRID=4326;POINT({row['longitude']!r} {row['latitude']!r})"
                share = row["staff"] / 7
                copy.write_row((row["id"], row["sector"], row["year"], row["staff"], share, place))
        cursor.execute(
            psycopg.sql.SQL("CREATE INDEX points_place ON {} USING gist (place)").format(identifier)
        )
        cursor.execute(psycopg.sql.SQL("ANALYZE {}").format(identifier))
        for text in (
            "CREATE TABLE synthetic.metric (place geometry(Point, 4549))",
            "CREATE TABLE synthetic.areas (place geometry(Polygon, 4326))",
            "CREATE TABLE synthetic.plain (id int)",
            "CREATE TABLE synthetic.two (one geometry(Point, 4326), other geometry(Point, 4326))",
            "CREATE TABLE synthetic.hidden (place geometry(Point, 4326))",
            f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'",
            f"GRANT USAGE ON SCHEMA synthetic TO {USER}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA synthetic TO {USER}",
            f"REVOKE ALL ON synthetic.hidden FROM {USER}",
        ):
            cursor.execute(text)


@pytest.fixture
def reader(monkeypatch) -> None:
    """Credentials in the environment, as a person would have them."""
    monkeypatch.setenv("PGUSER", USER)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
