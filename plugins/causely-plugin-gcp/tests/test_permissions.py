"""The role allows what is called, and no more."""

from pathlib import Path

from causely_plugin_gcp.permissions import HEALTH, IMPERSONATION, PERMISSIONS, role

from .shop import build
from .watching import watched

README = Path(__file__).parents[1] / "README.md"


async def test_each_method_that_is_called_has_its_permission(cloud, tmp_path):
    build(cloud)
    account = "causely@shop-prod.iam.gserviceaccount.com"
    async with watched(tmp_path, cloud.section(tmp_path, impersonate=account, backend_health=True)) as found:
        await found.until(lambda: found.batches and len(cloud.methods) == 4)
        await found.until(lambda: cloud.asked["cloudasset"] > 2)
    assert cloud.methods == PERMISSIONS.keys() | HEALTH.keys() | IMPERSONATION.keys()


def test_the_readme_shows_the_role():
    text = README.read_text()
    assert role() in text
    assert all(permission in text for permission in (*HEALTH.values(), *IMPERSONATION.values()))
