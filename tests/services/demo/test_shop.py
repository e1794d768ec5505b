"""Starting the example shop: where it is, and what is told when it does not start."""

import pytest

from causely_core.errors import UnavailableError
from causely_core.services.demo import shop
from causely_core.services.demo.faults import EXPECTED


def test_the_shop_is_found_in_a_checkout():
    assert (shop.folder() / "shop" / "__main__.py").is_file()


def test_the_shop_of_the_demo_has_every_fault_that_has_an_expectation(tmp_path):
    # Nobody listens at the endpoint: the shop must not need its telemetry to be taken.
    with shop.running(tmp_path / "shop", "http://127.0.0.1:9") as app:
        assert {fault["name"] for fault in app.faults()} == set(EXPECTED)
        assert app.database in ("postgresql", "sqlite")
        assert {"frontend", "cart", "orders"} <= set(app.services)
        assert app.inject("error-leaf") > 0
        app.remove("error-leaf")
        assert {"count", "errors", "p95_ms"} <= set(app.users())


def test_a_shop_that_does_not_start_tells_the_last_line_of_its_log(tmp_path):
    line = r"the shop did not start within 60 s: .* expected one argument"
    with pytest.raises(UnavailableError, match=line), shop.running(tmp_path, "--no-endpoint"):
        pass
