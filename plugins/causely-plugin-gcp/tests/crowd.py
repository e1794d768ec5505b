"""A project with as many resources as one likes."""

from .shop import COMPUTE, ZONE

PROJECT = "shop-prod"


def fill(cloud, resources):
    """One in five a database with a replica, one a topic with a subscription, one a machine; each with a metric."""
    for number in range(resources // 5):
        name = f"r-{number}"
        cloud.add(
            "sqladmin.googleapis.com/Instance", f"instances/{name}", {"databaseVersion": "MYSQL_8_0"}, "europe-west1"
        )
        cloud.add("pubsub.googleapis.com/Topic", f"topics/{name}", {})
        topic = {"topic": f"projects/{PROJECT}/topics/{name}"}
        cloud.add("pubsub.googleapis.com/Subscription", f"subscriptions/{name}-s", topic)
        disks = [{"source": f"{COMPUTE}/{PROJECT}/{ZONE}/disks/{name}", "deviceName": "boot"}]
        machine = {"id": str(number), "disks": disks}
        cloud.add("compute.googleapis.com/Instance", f"{ZONE}/instances/{name}", machine, "europe-west1-b")
        cloud.add("compute.googleapis.com/Disk", f"{ZONE}/disks/{name}", {}, "europe-west1-b")
        cloud.measure(
            "cloudsql.googleapis.com/database/cpu/utilization", 0.4, resource__database_id=f"{PROJECT}:{name}"
        )
        cloud.measure(
            "pubsub.googleapis.com/subscription/num_undelivered_messages", 3, resource__subscription_id=f"{name}-s"
        )
        cloud.measure("compute.googleapis.com/instance/cpu/utilization", 0.4, resource__instance_id=str(number))
