"""Objects as the API tells them, and what fragments name."""


def made(name, within="shop", spec=None, status=None, **about):
    where = {"namespace": within} if within else {}
    metadata = {"name": name, **where, "uid": "u1", "resourceVersion": "7", **about}
    return {"metadata": metadata, "spec": spec or {}, "status": status or {}}


def owned_by(kind, name):
    return [{"kind": kind, "name": name, "controller": True}]


def ids(fragment):
    return [entity.id for entity in fragment.entities]


def owners(fragment):
    return [relation.target for relation in fragment.relations if relation.type == "owned_by"]
