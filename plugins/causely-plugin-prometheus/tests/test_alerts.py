"""Alerts that a real Prometheus fires itself, where there is no Alertmanager to ask."""

import yaml
from causely_plugin_prometheus.mapping.alert_rule import ALERT_SEVERITY

from causely_core.model import EntityId

from .servers import Exporter, prometheus
from .watching import watched

SLOW = {"alert": "CartSlow", "expr": "shop_latency_seconds > 1", "labels": {"severity": "critical"}}
LATER = {"alert": "CartSlowForLong", "expr": "shop_latency_seconds > 1", "for": "1h", "labels": {"severity": "page"}}
CRASHING = {"alert": "KubePodCrashLooping", "expr": "shop_restarts > 0"}
TEXT = """
shop_latency_seconds{{namespace="shop",service="cart"}} {latency}
shop_restarts{{namespace="shop",pod="cart-1",container="app"}} 3
"""
CART, APP = EntityId("Service:shop/cart"), EntityId("Container:shop/cart-1/app")


async def test_what_fires_is_told_and_what_is_pending_is_not(tmp_path):
    exporter = Exporter(TEXT.format(latency=2))
    rules = tmp_path / "rules.yaml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": "shop", "rules": [SLOW, LATER, CRASHING]}]}))
    scrape = {"job_name": "shop", "static_configs": [{"targets": [f"127.0.0.1:{exporter.port}"]}]}
    often = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    whole = {"global": often, "rule_files": [str(rules)], "scrape_configs": [scrape]}
    server = prometheus(tmp_path, exporter, yaml.safe_dump(whole))
    try:
        async with watched(tmp_path, url=server.url, mappings=["alerts"], stale_after=60.0) as found:
            await found.until(lambda: found.values.get((CART, ALERT_SEVERITY)) == 1.0)
            await found.until(lambda: found.values.get((APP, "restart_count")) == 2.0)
            exporter.text = TEXT.format(latency=0.1)
            await found.until(lambda: found.values.get((CART, ALERT_SEVERITY)) == 0.0)
            assert found.values[APP, "restart_count"] == 2.0
    finally:
        server.stop()
