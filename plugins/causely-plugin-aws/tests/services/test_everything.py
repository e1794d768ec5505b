"""One of each kind: what is told of it, and what is between them."""

from ..everything import everything
from ..watching import watched
from ..world import key


async def test_each_kind_is_found_with_its_relations(tmp_path, section, world):
    ids = everything(world)
    node, function = f"Node:aws:///{ids['zone']}/{ids['instance']}", f"CloudService:{key('lambda', 'bill')}"
    balancer = f"LoadBalancer:{key('elbv2', ids['balancer'].partition(':loadbalancer/')[2])}"
    rest, http = (f"LoadBalancer:{key('apigateway', ids[kind])}" for kind in ("rest", "http"))
    queue, topic = f"Queue:{key('sqs', 'orders')}", f"Topic:{key('sns', 'ordered')}"
    expected = {
        *(node, function, balancer, rest, http, queue, topic),
        "Cluster:shop",
        f"Disk:ebs.csi.aws.com/{ids['volume']}",
        f"CloudService:{key('nat', ids['nat'])}",
        "CloudService:aws/123456789012/eu-west-1/lambda",
        f"CloudService:{key('msk', 'events')}",
        f"CloudService:{key('s3', 'shop-pictures')}",
        f"Database:{key('rds', 'orders')}",
        f"Database:{key('dynamodb', 'carts')}",
        f"Cache:{key('elasticache', 'sessions')}",
        f"Cache:{key('elasticache', 'pages')}",
    }
    async with watched(tmp_path, section) as seen:
        await seen.until(lambda: expected <= set(seen.topology.entities))
        told = seen.relations
    assert {
        (f"Node:{ids['instance']}", "same_as", node),
        (node, "stores_on", f"Disk:ebs.csi.aws.com/{ids['volume']}"),
        (node, "routes_to", f"CloudService:{key('subnet', ids['subnets'][0])}"),
        (f"CloudService:{key('subnet', ids['subnets'][0])}", "same_as", f"CloudService:{key('nat', ids['nat'])}"),
        (balancer, "routes_to", f"Node:{ids['instance']}"),
        (balancer, "routes_to", "ExternalService:10.0.0.77:8080"),
        (f"ExternalService:{ids['host'].lower()}", "same_as", balancer),
        (queue, "consumes_from", topic),
        (function, "consumes_from", queue),
        (function, "part_of", "CloudService:aws/123456789012/eu-west-1/lambda"),
        (rest, "routes_to", function),
        (http, "routes_to", function),
        (f"ExternalService:{ids['rest']}.execute-api.eu-west-1.amazonaws.com", "same_as", rest),
        (
            "ExternalService:shop-pictures.s3.eu-west-1.amazonaws.com",
            "same_as",
            f"CloudService:{key('s3', 'shop-pictures')}",
        ),
        (
            "Database:aws.dynamodb/dynamodb.eu-west-1.amazonaws.com/carts",
            "same_as",
            f"Database:{key('dynamodb', 'carts')}",
        ),
    } <= told
    assert any(target == f"Cache:{key('elasticache', 'sessions')}" for _, type, target in told if type == "same_as")
