"""The README says what there is: settings, services, attributes, causes; and what it costs."""

from pathlib import Path

import attrs
import pytest
import yaml
from causely_plugin_azure import AzureConfig, AzurePlugin
from causely_plugin_azure.services import NAMES, SERVICES
from causely_plugin_azure.settings.credential import CredentialKind
from causely_plugin_azure.settings.endpoints import EndpointsConfig

from .many import KINDS
from .resources import ONE, postgresql, row
from .watching import ids, watched

TEXT = (Path(__file__).parents[1] / "README.md").read_text()
ATTRIBUTES = sorted({measure.attribute for service in SERVICES for measure in service.measures})
SETTINGS = [each.name for config in (AzureConfig, EndpointsConfig) for each in attrs.fields(config)]
CAUSES = [
    name
    for path in AzurePlugin().causely_causal_models()
    for part in yaml.safe_load_all(path.read_text())
    for name in part.get("root_causes", {})
]


@pytest.mark.parametrize("word", [*SETTINGS, *NAMES, *ATTRIBUTES, *CAUSES, *(each.value for each in CredentialKind)])
def test_everything_is_named(word):
    assert f"`{word}`" in TEXT


@pytest.mark.parametrize(("kinds", "most"), [(1, 4.6), (len(KINDS) + 1, 20.0)])
async def test_a_hundred_resources_cost_what_it_says(azure, tmp_path, kinds, most):
    makers = [postgresql, *(_maker(kind) for kind in KINDS)][:kinds]
    azure.rows["resources"] = [makers[number % kinds](f"r{number}") for number in range(100)]
    for each in azure.rows["resources"]:
        azure.metrics[each["id"].lower()] = {"cpu_percent": 1.0, "Percentage CPU": 1.0}
    section = azure.section(ONE, health=True, resources_interval=3000, values_interval=3000)
    async with watched(tmp_path, section) as found:
        await found.until(lambda: found.values and len(ids(found)) == 100)
        await found.until(lambda: azure.calls["metrics"] >= 2)
    looking = azure.calls["graph"] - 2  # two are for health, in each minute
    assert looking == 3
    assert azure.calls["metrics"] + 2 + looking / 5 <= most


def _maker(kind):
    return lambda name: row(kind, *[f"in-{name}"] * (kind.count("/") - 1), name)
