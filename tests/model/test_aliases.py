"""Aliases: what ids mean, whoever says so, and whatever they are part of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.model import Aliases, EntityId, Relation

CART = EntityId("Service:shop/cart")
RDS = "Database:aws/1/eu/rds/orders"


def same(alias, target=CART):
    return Relation(EntityId(alias), "same_as", EntityId(target))


@pytest.fixture
def aliases():
    known = Aliases()
    for relation in (
        same("ExternalService:10.1.0.7"),
        same("ExternalService:10.1.0.7:9090", "Service:shop/cart-proxy"),
        same("ExternalService:fd00::7"),
        same("ExternalService:cart-svc.shop"),
        same("Service:shop/cart-svc"),
        same("Pod:8a7b", "Pod:shop/cart-x"),
        same("Container:c0ffee", "Container:shop/cart-x/main"),
        same("ExternalService:orders.rds.example", RDS),
        same("ExternalService:10.9.0.4", RDS),
        same("ExternalService:orders-db.shop", "ExternalService:orders.rds.example"),
        same("ExternalService:legacy.shop", "ExternalService:db.example.org"),
        same("Queue:aws_sqs/orders", "Queue:aws/1/eu/sqs/orders"),
        same("Database:dynamodb/dynamodb.eu.example:443/carts", "Database:aws/1/eu/dynamodb/carts"),
        same("Node:aws:///eu-1a/i-0abc", "Node:worker-1"),
        same("Service:ring/a", "Service:ring/b"),
        same("Service:ring/b", "Service:ring/a"),
    ):
        known.add(relation)
    return known


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("ExternalService:10.1.0.7", "Service:shop/cart"),
        ("ExternalService:10.1.0.7:8080", "Service:shop/cart"),
        ("ExternalService:10.1.0.7:9090", "Service:shop/cart-proxy"),
        ("ExternalService:10.1.0.77:8080", "ExternalService:10.1.0.77:8080"),
        ("ExternalService:[fd00::7]:8080", "Service:shop/cart"),
        ("ExternalService:cart-svc.shop:80", "Service:shop/cart"),
        ("ExternalService:cart-svc.shop.svc", "Service:shop/cart"),
        ("ExternalService:cart-svc.shop.svc.cluster.local:80", "Service:shop/cart"),
        ("ExternalService:cart-0.cart-svc.shop.svc.cluster.local.:80", "Service:shop/cart"),
        ("ExternalService:cart-svc.shop.example.com", "ExternalService:cart-svc.shop.example.com"),
        ("Service:shop/cart-svc", "Service:shop/cart"),
        ("Service:shop/web", "Service:shop/web"),
        ("Pod:8a7b", "Pod:shop/cart-x"),
        ("Container:c0ffee", "Container:shop/cart-x/main"),
        ("Container:shop/cart-x/main", "Container:shop/cart-x/main"),
        ("Node:10.1.0.7", "Node:10.1.0.7"),
        ("Operation:shop/cart-svc:GET /carts/{id}", "Operation:shop/cart:GET /carts/{id}"),
        ("Operation:shop/cart-svc:a:b", "Operation:shop/cart:a:b"),
        ("Operation:shop/web:GET /", "Operation:shop/web:GET /"),
        ("Database:postgresql/10.1.0.7:5432/orders", "Database:postgresql/shop/cart/orders"),
        ("Database:postgresql/10.1.0.7:5432", "Database:postgresql/shop/cart"),
        ("Database:postgresql", "Database:postgresql"),
        ("Cache:redis/cart-svc.shop:6379", "Cache:redis/shop/cart"),
        ("Operation:postgresql/10.1.0.7:5432/orders:SELECT", "Operation:postgresql/shop/cart/orders:SELECT"),
        ("Dependency:shop/web > ExternalService:10.1.0.7:8080", "Dependency:shop/web > Service:shop/cart"),
        ("Dependency:shop/cart-svc > Service:shop/web", "Dependency:shop/cart > Service:shop/web"),
        ("Database:postgresql/orders.rds.example:5432/orders", RDS),
        ("Database:postgresql/10.9.0.4:5432/orders", RDS),
        ("Database:postgresql/orders-db.shop.svc.cluster.local:5432/orders", RDS),
        ("ExternalService:10.9.0.4:5432", RDS),
        ("Operation:postgresql/10.9.0.4:5432/orders:SELECT", "Operation:aws/1/eu/rds/orders:SELECT"),
        ("Dependency:shop/web > ExternalService:orders.rds.example:5432", f"Dependency:shop/web > {RDS}"),
        ("ExternalService:legacy.shop:8443", "ExternalService:db.example.org:8443"),
        ("Database:mysql/legacy.shop:3306/x", "Database:mysql/db.example.org:3306/x"),
        ("Queue:aws_sqs/orders", "Queue:aws/1/eu/sqs/orders"),
        ("Database:dynamodb/dynamodb.eu.example:443/carts", "Database:aws/1/eu/dynamodb/carts"),
        ("Node:aws:///eu-1a/i-0abc", "Node:worker-1"),
        ("Service:ring/a", "Service:ring/a"),
        ("Service:ring/b", "Service:ring/b"),
        (
            "Dependency:shop/web > Database:postgresql/10.1.0.7:5432/orders",
            "Dependency:shop/web > Database:postgresql/shop/cart/orders",
        ),
    ],
)
def test_ids_are_resolved_with_all_that_is_in_them(aliases, told, meant):
    assert aliases.resolve(EntityId(told)) == meant
    assert aliases.resolve(EntityId(meant)) == meant


def test_what_is_said_to_mean_two_entities_means_neither(aliases):
    version = aliases.version
    other = same("ExternalService:10.1.0.7", "Service:shop/orders")
    aliases.add(other)
    assert aliases.resolve(EntityId("ExternalService:10.1.0.7:80")) == "ExternalService:10.1.0.7:80"
    aliases.remove(same("ExternalService:10.1.0.7"))
    assert aliases.resolve(EntityId("ExternalService:10.1.0.7:80")) == "Service:shop/orders"
    assert aliases.version == version + 2


def test_what_two_sources_say_holds_until_neither_does(aliases):
    version = aliases.version
    aliases.add(same("Pod:8a7b", "Pod:shop/cart-x"))
    aliases.remove(same("Pod:8a7b", "Pod:shop/cart-x"))
    assert aliases.resolve(EntityId("Pod:8a7b")) == "Pod:shop/cart-x"
    assert aliases.version == version
    aliases.remove(same("Pod:8a7b", "Pod:shop/cart-x"))
    assert aliases.resolve(EntityId("Pod:8a7b")) == "Pod:8a7b"


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["Operation", "Dependency", "Database", "ExternalService", "Service", ""]))
def test_any_text_is_taken_for_an_id(key, type):
    id = EntityId(f"{type}:{key}")
    assert Aliases().resolve(id) == id
