"""Who asks, and over which connections."""

import json
import subprocess
import sys
import time

import pytest
import trustme
from causely_plugin_gcp.clients import Clients
from causely_plugin_gcp.services import SERVICES
from causely_plugin_gcp.tally import Tally
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from causely_core.polling import PollError

from .google_cloud import HOST, GoogleCloud
from .watching import context, watched

DATABASE = "sqladmin.googleapis.com/Instance"
ORDERS = "Database:gcp/shop-prod/europe-west1/sql/orders"
METRIC = next(metric for metric in SERVICES["sql"].metrics if metric.attribute == "cpu_utilization")


def fill(cloud):
    cloud.add(DATABASE, "instances/orders", {"databaseVersion": "MYSQL_8_0"}, "europe-west1")
    cloud.measure(METRIC.type, 0.5, resource__database_id="shop-prod:orders")
    return cloud


async def works(tmp_path, section):
    async with watched(tmp_path, section) as found:
        await found.until(lambda: (ORDERS, "cpu_utilization") in found.values)
        assert not found.said


async def refusal(tmp_path, section):
    about = context(tmp_path, section)
    clients = Clients(about.config, Tally(about.meter))
    try:
        with pytest.raises(PollError) as found:
            await clients.monitoring.ask("shop-prod", METRIC, time.time())
        return str(found.value)
    finally:
        await clients.close()


async def test_it_may_ask_as_another_account(cloud, tmp_path):
    account = "causely@shop-prod.iam.gserviceaccount.com"
    await works(tmp_path, fill(cloud).section(tmp_path, impersonate=account))
    assert cloud.asked["impersonated"] == 1


async def test_a_token_that_expires_is_renewed_before(cloud, tmp_path):
    cloud.lifetime = 1
    async with watched(tmp_path, fill(cloud).section(tmp_path)) as found:
        await found.until(lambda: cloud.asked["token"] > 4)
        await found.until(lambda: (ORDERS, "cpu_utilization") in found.values)
        assert not found.said


async def test_a_service_account_may_ask(cloud, tmp_path):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "account.json"
    account = {
        "type": "service_account",
        "client_email": "causely@shop-prod.iam.gserviceaccount.com",
        "private_key": key.decode(),
        "token_uri": f"{cloud.url}/v1/token",
    }
    path.write_text(json.dumps(account))
    await works(tmp_path, fill(cloud).section(tmp_path, credentials_file=str(path)))


METADATA = """
from causely_plugin_gcp import GcpConfig
from causely_plugin_gcp.identity import Identity
print(Identity(GcpConfig(projects=["shop-prod"])).headers("https://monitoring.googleapis.com")["authorization"])
"""


def test_on_google_cloud_the_metadata_server_is_asked(cloud):
    host = cloud.url.removeprefix("http://")
    environment = {
        "GCE_METADATA_HOST": host,
        "GCE_METADATA_IP": host,
        "PYTHONPATH": ":".join(sys.path),
        "HOME": "/none",
    }
    run = subprocess.run(
        [sys.executable, "-c", METADATA], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert run.stdout.startswith("Bearer "), run.stderr
    assert cloud.knows(run.stdout.strip())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSONDecodeError"),
        ("{}", "KeyError"),
        ('{"type": "external_account"}', "no credentials in"),
        ('{"type": "authorized_user"}', "expected type external_account or service_account"),
    ],
)
async def test_credentials_that_are_none_are_told(cloud, tmp_path, text, said):
    path = tmp_path / "bad.json"
    path.write_text(text)
    assert said in await refusal(tmp_path, cloud.section(tmp_path, credentials_file=str(path)))


@pytest.fixture
def encrypted():
    """A Google Cloud over TLS, and the authority that vouches for it."""
    authority = trustme.CA()
    one = fill(GoogleCloud()).start(authority.issue_cert(HOST))
    yield one, authority
    one.stop()


async def test_connections_are_encrypted_and_servers_show_who_they_are(encrypted, tmp_path):
    cloud, authority = encrypted
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    await works(tmp_path, cloud.section(tmp_path, ca_file=str(tmp_path / "ca.pem")))


async def test_a_server_that_nobody_vouches_for_gets_no_token(encrypted, tmp_path):
    cloud, _ = encrypted
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    said = await refusal(tmp_path, cloud.section(tmp_path, ca_file=str(tmp_path / "other.pem")))
    assert said.startswith("no credentials")
    assert cloud.asked["monitoring"] == 0
