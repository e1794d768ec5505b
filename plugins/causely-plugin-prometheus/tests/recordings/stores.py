"""Databases, a cache and a broker, with Debian's exporters."""

import shutil
import threading
import time
from contextlib import contextmanager, suppress

from running import again, free_port, run, running, text_at, until

POSTGRESQL = "/usr/lib/postgresql/15/bin/"
AS_POSTGRES = ("runuser", "-u", "postgres", "--")
TABLE = "create table counters (id int primary key, n int); insert into counters values (1, 0)"
SLOWLY = "begin; update counters set n = n + 1; select sleep(1); commit"


@contextmanager
def redis(folder):
    """Sets more keys than there is memory for, and asks for some of them."""
    port, exporter = free_port(), free_port()
    limits = ("--maxmemory", "8mb", "--maxmemory-policy", "allkeys-lru", "--save", "")
    asks = f"--redis.addr=redis://127.0.0.1:{port}"
    with (
        running("redis-server", "--port", port, *limits, folder=folder),
        running("prometheus-redis-exporter", asks, f"--web.listen-address=127.0.0.1:{exporter}", folder=folder),
    ):
        benchmark = ("redis-benchmark", "-p", port, "-t", "set,get", "-r", 100000, "-d", 200, "-n", 10000, "-q")
        yield text_at(f"http://127.0.0.1:{exporter}/metrics"), again(lambda: run(*benchmark))


@contextmanager
def mysql(folder):
    """Two sessions that change one row wait for each other."""
    port, exporter = free_port(), free_port()
    where = (f"--datadir={folder}/data", f"--socket={folder}/socket", f"--port={port}")
    run("mariadb-install-db", "--user=root", f"--datadir={folder}/data", "--auth-root-authentication-method=normal")
    say = ("mariadb", f"--socket={folder}/socket", "--user=root")
    names = {"DATA_SOURCE_NAME": f"root@unix({folder}/socket)/"}
    address = f"--web.listen-address=127.0.0.1:{exporter}"
    with (
        running("mariadbd", "--no-defaults", "--user=root", *where, folder=folder),
        running("prometheus-mysqld-exporter", address, folder=folder, **names),
    ):
        until(lambda: run(*say, "--execute=create database shop; select 1"))
        run(*say, "shop", f"--execute={TABLE}")

        def change():
            run(*say, "shop", f"--execute={SLOWLY}")

        def both():
            other = threading.Thread(target=change)
            other.start()
            change()
            other.join()

        yield text_at(f"http://127.0.0.1:{exporter}/metrics"), again(both)


@contextmanager
def postgresql(folder):
    """Debian's benchmark of PostgreSQL, with four sessions."""
    port, exporter, data = free_port(), free_port(), folder / "data"
    folder.chmod(0o755)
    data.mkdir()
    shutil.chown(data, "postgres", "postgres")
    run(*AS_POSTGRES, f"{POSTGRESQL}initdb", "-D", data, "--auth=trust")
    where = ("-h", "127.0.0.1", "-p", port, "-U", "postgres")
    names = {"DATA_SOURCE_NAME": f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"}
    settings = ("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}")
    server = (*AS_POSTGRES, f"{POSTGRESQL}postgres", "-D", data, "-p", port, *settings)
    address = f"--web.listen-address=127.0.0.1:{exporter}"
    with running(*server, folder=folder), running("prometheus-postgres-exporter", address, folder=folder, **names):
        until(lambda: run(f"{POSTGRESQL}pg_isready", *where))
        run(f"{POSTGRESQL}createdb", *where, "orders")
        run(f"{POSTGRESQL}pgbench", *where, "-i", "-q", "orders")

        def load(seconds):
            benchmark = (f"{POSTGRESQL}pgbench", *where, "-c", 4, "-R", 50, "-T", int(seconds), "orders")
            with running(*benchmark, folder=folder):
                time.sleep(seconds)

        yield text_at(f"http://127.0.0.1:{exporter}/metrics"), load


@contextmanager
def rabbitmq(folder):
    """Sends twenty mails a second, of which one half is read."""
    import pika

    port, exporter, names = free_port(), free_port(), free_port()
    (folder / "plugins").write_text("[rabbitmq_prometheus].\n")
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.default = 127.0.0.1:{port}\nprometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = {exporter}\n"
        "prometheus.return_per_object_metrics = true\n"
    )
    settings = {
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "recorded@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
        "RABBITMQ_MNESIA_BASE": f"{folder}/data",
        "RABBITMQ_LOG_BASE": f"{folder}/logs",
    }
    with (
        running("epmd", folder=folder, **settings),
        running("/usr/lib/rabbitmq/bin/rabbitmq-server", folder=folder, **settings),
    ):
        read = text_at(f"http://127.0.0.1:{exporter}/metrics")
        connection = until(lambda: _connected(pika, port))
        channel = connection.channel()
        channel.queue_declare("mails")

        def send():
            channel.basic_publish("", "mails", b"mail")
            channel.basic_publish("", "mails", b"mail")
            channel.basic_get("mails", auto_ack=True)
            connection.sleep(0.1)

        yield read, again(send)
        connection.close()


def _connected(pika, port):
    with suppress(pika.exceptions.AMQPConnectionError):
        return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port))


STORES = {"postgresql": postgresql, "mysql": mysql, "redis": redis, "rabbitmq": rabbitmq}
