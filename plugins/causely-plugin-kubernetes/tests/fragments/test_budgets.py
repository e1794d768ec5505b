"""What PodDisruptionBudgets say of workloads."""

import pytest
from causely_plugin_kubernetes.fragments.budgets import disruption_budget
from causely_plugin_kubernetes.fragments.workloads import workload
from causely_plugin_kubernetes.inventory import Inventory

from .objects import made

LABELS = {"app": "cart", "tier": "web"}
NAME, LEAST = "k8s.poddisruptionbudget.name", "k8s.poddisruptionbudget.min_available"


def budget(selector, **spec):
    return disruption_budget(made("cart-pdb", spec={"selector": selector, **spec}))


def cart(inventory):
    inventory.flush()
    told = {entity.id: entity.attributes for entity in inventory.snapshot().entities}
    return told["Workload:shop/Deployment/cart"]


@pytest.fixture
def inventory():
    subject = Inventory()
    template = {"metadata": {"labels": LABELS}}
    subject.put("deployments", workload("Deployment")(made("cart", spec={"template": template})))
    return subject


@pytest.mark.parametrize("selector", [{"matchLabels": {"app": "cart"}}, {"matchLabels": LABELS}, {}])
def test_a_workload_whose_pods_are_selected_has_the_budget_while_there_is_one(inventory, selector):
    inventory.put("budgets", budget(selector, minAvailable="50%"))
    assert (cart(inventory)[NAME], cart(inventory)[LEAST]) == ("cart-pdb", "50%")
    inventory.put("budgets", budget(selector, minAvailable=2))
    assert cart(inventory)[LEAST] == "2"
    inventory.remove("budgets", "shop/cart-pdb")
    assert NAME not in cart(inventory)


@pytest.mark.parametrize(
    "selector",
    [None, {"matchLabels": {"app": "other"}}, {"matchExpressions": [{"key": "app", "operator": "Exists"}]}],
)
def test_others_have_not(inventory, selector):
    inventory.put("budgets", budget(selector))
    assert NAME not in cart(inventory)


def test_a_workload_that_comes_later_or_changes_its_labels_has_it_too(inventory):
    subject, of = Inventory(), workload("Deployment")
    subject.put("budgets", budget({"matchLabels": LABELS}))
    for labels, name in ((LABELS, "cart-pdb"), ({}, None)):
        subject.put("deployments", of(made("cart", spec={"template": {"metadata": {"labels": labels}}})))
        assert cart(subject).get(NAME) == name
