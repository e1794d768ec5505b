"""What claims and volumes say of the topology."""

from causely_plugin_kubernetes.fragments.storage import claim, volume

from causely_core.model import Relation

from .objects import ids, made


def test_a_claim_is_a_disk():
    found = claim(made("data-db-0", spec={"volumeName": "pv-7", "storageClassName": "fast"}))
    assert ids(found) == ["Disk:shop/data-db-0"]
    assert found.relations == (Relation("Disk:shop/data-db-0", "part_of", "Namespace:shop"),)
    assert found.entities[0].attributes == {
        "k8s.persistentvolumeclaim.name": "data-db-0",
        "k8s.namespace.name": "shop",
        "k8s.persistentvolume.name": "pv-7",
        "k8s.storageclass.name": "fast",
    }


def test_a_volume_tells_what_the_disk_of_its_claim_is_stored_by():
    spec = {
        "claimRef": {"namespace": "shop", "name": "data-db-0"},
        "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "v1"},
    }
    found = volume(made("pv-7", "", spec=spec))
    assert (found.entities, [note.id for note in found.notes]) == ((), ["Disk:shop/data-db-0"])
    assert found.notes[0].attributes == {
        "k8s.persistentvolume.name": "pv-7",
        "k8s.persistentvolume.driver": "ebs.csi.aws.com",
        "k8s.persistentvolume.handle": "v1",
    }
    assert found.relations == (Relation("Disk:ebs.csi.aws.com/v1", "same_as", "Disk:shop/data-db-0"),)
    assert not volume(made("pv-8", "")).notes
