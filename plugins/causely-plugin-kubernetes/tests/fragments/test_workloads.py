"""What workloads say of the topology."""

from causely_plugin_kubernetes.fragments.workloads import workload

from .objects import ids, made, owned_by, owners


def test_a_replica_set_of_a_deployment_is_nothing_by_itself():
    of = workload("ReplicaSet")
    labels = {"pod-template-hash": "5d4f"}
    assert not of(made("cart-5d4f", labels=labels, ownerReferences=owned_by("Deployment", "cart"))).entities
    assert ids(of(made("alone"))) == ["Workload:shop/ReplicaSet/alone"]


def test_a_job_of_a_cron_job_is_owned_by_it():
    found = workload("Job")(made("nightly-28700000", ownerReferences=owned_by("CronJob", "nightly")))
    assert owners(found) == ["Workload:shop/CronJob/nightly"]
