"""The README's tables say what the registry of services does."""

from pathlib import Path

import pytest
from causely_plugin_gcp import GcpConfig
from causely_plugin_gcp.detectors import DETECTORS
from causely_plugin_gcp.services import SERVICES

TEXT = (Path(__file__).parents[1] / "README.md").read_text()
ROWS = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_each_metric_has_a_row_and_each_service_its_cost(service):
    told = [row[1] for row in ROWS if row[0] == service.name and len(row) == 3 and "googleapis.com/" in row[1]]
    assert told == [metric.type for metric in service.metrics]
    assert [service.name, str(len(service.metrics))] in ROWS


def test_all_services_together_cost_what_is_said():
    assert ["all", str(sum(len(service.metrics) for service in SERVICES.values()))] in ROWS


def test_each_setting_is_told():
    assert set(GcpConfig.__annotations__) <= {row[0] for row in ROWS}


def test_each_symptom_is_told_with_its_limit():
    for each in DETECTORS:
        (row,) = [row for row in ROWS if each.attribute in row[0]]
        assert each.symptom in row[3]
        assert float(row[4]) == pytest.approx(each.thresholds.default, abs=1e-5)
