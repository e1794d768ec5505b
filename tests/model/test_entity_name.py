"""What entities are called."""

import pytest

from causely_core.model import entity_name


@pytest.mark.parametrize(
    ("id", "type", "name"),
    [
        ("Service:shop/cart", "", "shop/cart"),
        ("Service:shop/cart", "Service", "shop/cart"),
        ("Toaster:kitchen", "", "Toaster:kitchen"),
        ("Toaster:kitchen", "Toaster", "kitchen"),
        ("Service:x", "Toaster", "Service:x"),
        ("cart", "Service", "cart"),
        ("Service:", "", "Service:"),
        ("a: b", "", "a: b"),
    ],
)
def test_the_key_or_else_the_whole_id(id, type, name):
    assert entity_name(id, type) == name
