from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from causely_plugin_ebpf.protocols import Exchange, Outcome, dialogue, sniff

from .recording import recording
from .talk import ANSWER, ASK, STEP, operations, play

BIN = Path("/usr/lib/postgresql/15/bin")


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack(">I", len(body) + 4) + body


READY = message(b"Z", b"I")
QUERY = message(b"Q", b"SELECT * FROM orders\0")
STARTUP = struct.pack(">II", 41, 196608) + b"user\0app\0database\0shop\0client\0\0".ljust(33, b"\0")


def postgres():
    return dialogue("postgresql")


@pytest.fixture(scope="module")
def server():
    """A real server; yields its port."""
    if not (BIN / "postgres").exists():
        pytest.skip("no PostgreSQL 15 on this machine")
    # Below a folder that everyone may pass, for the server does not run as root.
    data = Path(tempfile.mkdtemp(prefix="causely-postgresql-")) / "data"
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(data.parent, "postgres", "postgres")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    subprocess.run([*as_user, BIN / "initdb", "-D", data, "-U", "app", "-A", "trust"], check=True, capture_output=True)
    options = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    control = [*as_user, BIN / "pg_ctl", "-D", data, "-w", "-l", data / "log"]
    subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True)
    yield port
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True)
    shutil.rmtree(data.parent)


def recorded(server: int, *statements: tuple, **options: object) -> list[Exchange]:
    """What is told of a real client that executes these statements."""
    with recording(server) as tape:
        url = f"host=127.0.0.1 port={tape.port} user=app dbname=postgres"
        with psycopg.connect(url, autocommit=True, **options) as connection:
            for statement in statements:
                with suppress(psycopg.Error):
                    connection.execute(*statement)
    connection = postgres()
    assert any(sniff(s.head, s.to_server, 5432) == "postgresql" for s in tape.segments[:3])
    return [*(e for segment in tape.segments for e in connection.feed(segment)), *connection.close()]


def test_a_real_client_is_understood(server):
    exchanges = recorded(
        server,
        ("CREATE TABLE orders (id int primary key, note text)",),
        ("INSERT INTO orders VALUES (%s, %s)", (1, "secret" * 300)),
        ("INSERT INTO orders VALUES (%s, %s)", (1, "x")),
        ("SELECT * FROM orders WHERE id = %s", (1,)),
        ("SELECT generate_series(1, 20000)",),
        ("SELECT nothing FROM nowhere",),
        ("SELECT 1/0",),
        ("SET statement_timeout = 10",),
        ("SELECT pg_sleep(5)",),
        sslmode="prefer",
    )

    assert operations(exchanges) == [
        ("CONNECT", ""),
        ("CREATE", ""),
        ("INSERT orders", ""),
        ("INSERT orders", "23505"),
        ("SELECT orders", ""),
        ("SELECT", ""),
        ("SELECT nowhere", "42P01"),
        ("SELECT", "22012"),
        ("SET", ""),
        ("SELECT", "57014"),
    ]
    assert {e.database for e in exchanges} == {"postgres"}
    assert [e.outcome for e in exchanges if e.outcome != Outcome.OK] == [Outcome.FAILED]
    assert exchanges[-1].ended - exchanges[-1].started >= 9_000_000


def test_prepared_statements_keep_their_name(server):
    again = [("SELECT count(*) FROM pg_class WHERE relname = %s", ("x",))] * 4

    exchanges = recorded(server, *again, prepare_threshold=1)

    assert operations(exchanges[1:]) == [("SELECT pg_class", "")] * 4


def test_a_database_that_is_not_there_is_told(server):
    with recording(server) as tape, pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"host=127.0.0.1 port={tape.port} user=app dbname=nowhere sslmode=disable")
    connection = postgres()

    told = [e for segment in tape.segments for e in connection.feed(segment)]

    assert operations(told) == [("CONNECT", "3D000")]


def test_a_copy_is_one_exchange(server):
    with recording(server) as tape:
        url = f"host=127.0.0.1 port={tape.port} user=app dbname=postgres"
        with psycopg.connect(url, autocommit=True) as client:
            client.execute("CREATE TABLE lines (line text)")
            with client.cursor().copy("COPY lines FROM STDIN") as copy:
                for _ in range(3000):
                    copy.write_row(["secret" * 10])
    connection = postgres()

    told = [e for segment in tape.segments for e in connection.feed(segment)]

    assert operations(told)[-1] == ("COPY lines", "")


def test_an_encrypted_connection_is_silent():
    ssl = struct.pack(">II", 8, 80877103)
    connection = postgres()

    assert play(connection, [(ASK, ssl), (ANSWER, b"S"), (ASK, QUERY), (ANSWER, READY)]) == []
    assert connection.pending == 0


def test_declined_encryption_goes_on_in_plain():
    ssl = struct.pack(">II", 8, 80877103)
    talk = [(ASK, ssl), (ANSWER, b"N"), (ASK, STARTUP), (ANSWER, message(b"R", b"\0" * 4) + READY)]

    exchanges = play(postgres(), [*talk, (ASK, QUERY), (ANSWER, READY)])

    assert operations(exchanges) == [("CONNECT", ""), ("SELECT orders", "")]
    assert {e.database for e in exchanges} == {"shop"}


def test_too_many_connections_are_throttling():
    refused = message(b"E", b"SFATAL\0C53300\0Msorry\0\0")

    assert [e.outcome for e in play(postgres(), [(ASK, STARTUP), (ANSWER, refused)])] == [Outcome.THROTTLED]


def test_an_answer_whose_end_is_out_of_sight_ends_with_its_last_segment():
    rows = message(b"D", b"x" * 2000) * 4 + READY
    connection = postgres()
    told = play(connection, [(ASK, QUERY), (ANSWER, rows[:4000]), (ANSWER, rows[4000:]), (ASK, QUERY)])

    assert [(e.started, e.ended) for e in told] == [(STEP, 3 * STEP)]


def test_the_end_of_the_connection_ends_what_was_answered():
    connection = postgres()
    play(connection, [(ASK, QUERY), (ANSWER, message(b"D", b"x" * 2000) + READY)])

    assert operations(connection.close()) == [("SELECT orders", "")]


def test_long_parameters_do_not_hide_the_statement():
    parsed = message(b"P", b"\0INSERT INTO orders VALUES ($1)\0\0\0")
    run = message(b"B", b"\0\0" + b"x" * 2000) + message(b"E", b"\0" * 5) + message(b"S")

    assert operations(play(postgres(), [(ASK, parsed + run), (ANSWER, READY)])) == [("INSERT orders", "")]


def test_a_pipeline_is_told_cycle_by_cycle():
    def cycle(query: bytes) -> bytes:
        parsed = message(b"P", b"\0" + query + b"\0\0\0")
        return parsed + message(b"B", b"\0" * 8) + message(b"E", b"\0" * 5) + message(b"S")

    talk = [(ASK, cycle(b"SELECT 1 FROM a") + cycle(b"DELETE FROM b")), (ANSWER, READY + READY)]

    assert operations(play(postgres(), talk)) == [("SELECT a", ""), ("DELETE b", "")]
