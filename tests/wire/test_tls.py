"""Mutual TLS over loopback with certificates made for the test."""

import subprocess

import grpc
import pytest

from causely_core.wire import WireError
from causely_core.wire.certificates import server_credentials
from causely_core.wire.channel import listen
from causely_core.wire.spool import Spool
from causely_core.wire.tls import TlsConfig

from .links import Server, Store, Teller, drained, running, sender, until

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def authority(folder, name):
    subject = ["-subj", f"/CN={name}"]
    files = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
    openssl(folder, "req", "-x509", *KEY, "-days", "2", *subject, *files)


def certificate(folder, name, ca):
    openssl(folder, "req", *KEY,
            "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")  # fmt: skip
    (folder / f"{name}.ext").write_text("subjectAltName=DNS:localhost")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key",
            "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")  # fmt: skip


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    for ca, names in {"ours": ("server", "client"), "theirs": ("stranger",)}.items():
        authority(folder, ca)
        for name in names:
            certificate(folder, name, ca)
    return folder


def config(folder, name, ca="ours"):
    return TlsConfig(str(folder / f"{ca}.pem"), str(folder / f"{name}.pem"), str(folder / f"{name}.key"))


@pytest.fixture
async def server(certificates):
    server = Server(Store(), config(certificates, "server"))
    await server.start()
    yield server
    await server.kill()


async def test_a_client_with_our_certificate_is_served(server, certificates, tmp_path):
    teller = Teller()
    link = sender(server.port, Spool(tmp_path / "spool"), teller.snapshot, tls=config(certificates, "client"))
    await teller.say(link, 3)
    async with running(link):
        await drained(link)
    assert server.store.known == {1, 2, 3}


@pytest.mark.parametrize("stranger", ["foreign certificate", "no certificate", "plaintext"])
async def test_a_client_without_it_is_not(server, certificates, tmp_path, stranger):
    tls = {
        "foreign certificate": config(certificates, "stranger"),
        "no certificate": TlsConfig(str(certificates / "ours.pem")),
        "plaintext": None,
    }[stranger]
    reasons = []

    class Logger:
        def warning(self, event, **fields):
            reasons.append(fields["reason"])

    link = sender(server.port, Spool(tmp_path / "spool"), Teller().snapshot, tls=tls, logger=Logger())
    async with running(link):
        await until(lambda: len(reasons) >= 2)
        assert not link.connected
    assert server.store.cursors == {}
    assert all("UNAVAILABLE" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("tls", "line"),
    [
        (TlsConfig(ca="/nowhere/ca.pem"), r"tls\.ca: /nowhere/ca.pem: No such file"),
        (TlsConfig(cert="/x"), "cert and key go together"),
    ],
)
def test_unusable_client_files_are_one_clear_line(tls, line):
    with pytest.raises(WireError, match=line):
        tls.read()


def test_a_server_needs_a_certificate():
    with pytest.raises(WireError, match="needs cert and key"):
        server_credentials(TlsConfig())


async def test_a_taken_address_is_one_clear_line(server):
    with pytest.raises(WireError, match="expected a free host:port"):
        listen(grpc.aio.server(options=[("grpc.so_reuseport", 0)]), f"localhost:{server.port}")


async def test_other_certificates_are_taken_up_by_both_ends_without_a_restart(tmp_path):
    authority(tmp_path, "ca")
    for name in ("server", "client"):
        certificate(tmp_path, name, "ca")
    server, teller = Server(Store(), config(tmp_path, "server", "ca")), Teller()
    await server.start()
    tls = config(tmp_path, "client", "ca")
    link = sender(server.port, Spool(tmp_path / "spool"), teller.snapshot, tls=tls, look_at_files=0.05)
    async with running(link):
        await teller.say(link, 3)
        await drained(link)
        before = link.logger = Lines()
        authority(tmp_path, "ca")
        for name in ("server", "client"):
            certificate(tmp_path, name, "ca")
        await until(lambda: "link up" in before.events)
        await teller.say(link, 3)
        await drained(link)
    assert server.store.known == {1, 2, 3, 4, 5, 6}
    assert set(server.store.applied.values()) == {1}
    await server.kill()


class Lines:
    """A logger that remembers the events it was told."""

    def __init__(self):
        self.events = []

    def info(self, event, **fields):
        self.events.append(event)

    warning = info
