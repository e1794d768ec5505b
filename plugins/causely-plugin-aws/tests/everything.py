"""One of each kind of resource, with what is between them."""

import io
import json
import zipfile

from .world import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/anything"


def everything(world):
    """Make all; returns the ids that AWS has given, by what they are of."""
    ids = {}
    network(world, ids)
    balancer(world, ids)
    databases(world)
    messages(world)
    functions(world, ids)
    world.client("s3").create_bucket(Bucket="shop-pictures", CreateBucketConfiguration={"LocationConstraint": REGION})
    return ids


def network(world, ids):
    """A machine in a private subnet, its disk, and its way out."""
    ec2 = world.client("ec2")
    ids["vpc"] = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=ids["vpc"], CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for number, zone in enumerate("ab")
    ]
    ids["subnets"] = [each["Subnet"]["SubnetId"] for each in subnets]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ids["nat"] = ec2.create_nat_gateway(SubnetId=ids["subnets"][1], AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=ids["vpc"])["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=ids["nat"])
    ec2.associate_route_table(RouteTableId=table, SubnetId=ids["subnets"][0])
    image = ec2.describe_images()["Images"][0]["ImageId"]
    run = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=ids["subnets"][0])[
        "Instances"
    ][0]
    ids["instance"], ids["zone"] = run["InstanceId"], run["Placement"]["AvailabilityZone"]
    ids["volume"] = ec2.describe_volumes()["Volumes"][0]["VolumeId"]
    world.client("eks").create_cluster(
        name="shop", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ids["subnets"]}, version="1.34"
    )


def balancer(world, ids):
    """An application load balancer before the machine and an address."""
    elbv2 = world.client("elbv2")
    made = elbv2.create_load_balancer(Name="shop", Subnets=ids["subnets"], Type="application")["LoadBalancers"][0]
    ids["balancer"], ids["host"] = made["LoadBalancerArn"], made["DNSName"]
    for name, type, target in (
        ("machines", "instance", {"Id": ids["instance"]}),
        ("pods", "ip", {"Id": "10.0.0.77", "Port": 8080}),
    ):
        group = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=ids["vpc"], TargetType=type)
        arn = group["TargetGroups"][0]["TargetGroupArn"]
        elbv2.register_targets(TargetGroupArn=arn, Targets=[target])
        elbv2.create_listener(
            LoadBalancerArn=ids["balancer"],
            Protocol="HTTP",
            Port=80 if type == "ip" else 81,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
        )


def databases(world):
    """An RDS instance with its replica, a cluster of Aurora, a table, two caches."""
    world.database()
    rds = world.client("rds")
    rds.create_db_instance_read_replica(DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="orders")
    world.client("dynamodb").create_table(
        TableName="carts",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    cache = world.client("elasticache")
    cache.create_replication_group(ReplicationGroupId="sessions", ReplicationGroupDescription="of the shop")
    cache.create_cache_cluster(
        CacheClusterId="pages", Engine="memcached", CacheNodeType="cache.t3.micro", NumCacheNodes=1
    )


def messages(world):
    """A topic that a queue subscribes to, and a cluster of Kafka."""
    world.queue()
    sns = world.client("sns")
    topic = sns.create_topic(Name="ordered")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders")
    world.client("kafka").create_cluster_v2(
        ClusterName="events",
        Provisioned={
            "BrokerNodeGroupInfo": {"InstanceType": "kafka.m5.large", "ClientSubnets": ["subnet-1"]},
            "KafkaVersion": "3.7.x",
            "NumberOfBrokerNodes": 3,
        },
    )


def functions(world, ids):
    """A function that reads the queue, behind an API of each kind."""
    role = world.client("iam").create_role(RoleName="functions", AssumeRolePolicyDocument=json.dumps({}))["Role"]["Arn"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("main.py", "def handler(event, context): pass")
    code = {"ZipFile": packed.getvalue()}
    client = world.client("lambda")
    arn = client.create_function(
        FunctionName="bill", Runtime="python3.13", Role=role, Handler="main.handler", Code=code
    )
    client.create_event_source_mapping(FunctionName="bill", EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders")
    rest = world.client("apigateway")
    ids["rest"] = rest.create_rest_api(name="shop")["id"]
    root = rest.get_resources(restApiId=ids["rest"])["items"][0]["id"]
    rest.put_method(restApiId=ids["rest"], resourceId=root, httpMethod="GET", authorizationType="NONE")
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn['FunctionArn']}/invocations"
    rest.put_integration(
        restApiId=ids["rest"],
        resourceId=root,
        httpMethod="GET",
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=uri,
    )
    http = world.client("apigatewayv2")
    ids["http"] = http.create_api(Name="shop", ProtocolType="HTTP")["ApiId"]
    http.create_integration(
        ApiId=ids["http"], IntegrationType="AWS_PROXY", IntegrationUri=arn["FunctionArn"], PayloadFormatVersion="2.0"
    )
