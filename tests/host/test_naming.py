"""What processes are called."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host import Cgroup, Process
from causely_core.host.declared import Declared
from causely_core.host.naming import MAX_NAME, Name, Names, name_of, tidy


def process(command, exe="", cwd="/", **about):
    arguments = tuple(command.split(" "))
    return Process(7, 1, 1, "comm", exe or arguments[0], arguments, cwd, **about)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/usr/bin/python3.11 -m shop.services.cart", "cart"),
        ("/usr/bin/python3 -u -X dev -m shop.main --port 80", "shop"),
        ("/usr/bin/python3 /srv/app/main.py", "app"),
        ("/usr/bin/python3 /srv/shop/src/server.py", "shop"),
        ("/usr/bin/python3 -W ignore orders.py --token hush", "orders"),
        ("/usr/bin/python3 /main.py", "main"),
        ("/usr/bin/python3 -c import secret", "python"),
        ("/usr/bin/python3", "python"),
        ("/usr/bin/python3 /usr/local/bin/gunicorn app:app", "app"),
        ("/usr/bin/python3 -m gunicorn -w 4 shop.wsgi:application", "shop"),
        ("/usr/bin/python3 /usr/local/bin/gunicorn --name=till -b :80 shop.wsgi", "till"),
        ("/usr/bin/python3 /usr/local/bin/uvicorn shop.cart:create_app() --factory", "cart"),
        ("/usr/bin/python3 /usr/local/bin/celery -A proj.celery worker", "proj"),
        ("/usr/bin/python3 /usr/local/bin/celery --app=proj worker", "proj"),
        ("/usr/bin/python3 /srv/shop/manage.py runserver", "shop"),
        ("/usr/bin/node service.js", "service"),
        ("/usr/bin/node --require dotenv/config /srv/till/dist/index.js", "till"),
        ("/usr/bin/node -e secret()", "node"),
        ("/usr/bin/java -Xmx1g -Dpassword=hush -jar /opt/orders-1.2.jar --spring.x=y", "orders"),
        ("/usr/bin/java -cp /a:/b com.acme.orders.Main", "orders"),
        ("/usr/bin/java -cp /a kafka.Kafka server.properties", "Kafka"),
        ("/usr/bin/dotnet Orders.dll", "Orders"),
        ("/usr/bin/deno run --allow-net https://user:hush@example.org/till.ts", "till"),
        ("/usr/local/bin/bun run till.ts", "till"),
        ("/usr/bin/ruby /srv/till/bin/till.rb", "till"),
        ("/usr/bin/php /srv/till/index.php", "till"),
        ("/bin/bash /usr/local/bin/backup.sh", "backup"),
        ("/bin/bash -c secret", "bash"),
        ("/bin/bash /dev/fd/3", "bash"),
        ("/usr/lib/postgresql/16/bin/postgres -D /data", "postgres"),
        ("/usr/sbin/nginx -g secret", "nginx"),
    ],
)
def test_programs(command, name):
    assert name_of(process(command, cwd="/srv/web")) == Name(name, guessed=True)


def test_a_script_without_a_name_of_its_own_is_called_by_its_folder():
    assert name_of(process("/usr/bin/node index.js", cwd="/srv/till")).text == "till"
    assert name_of(process("/usr/bin/node .", cwd="/srv/till")).text == "till"


def test_a_program_that_shows_a_title_is_called_by_it():
    shown = evolve(process("x", exe="/usr/bin/python3"), arguments=("gunicorn: master [shop.wsgi:app]",))
    assert name_of(shown).text == "shop"


def test_a_busybox_is_what_it_is_called_as():
    assert name_of(process("httpd -f", exe="/bin/busybox")).text == "httpd"


def test_one_whose_executable_may_not_be_read_has_its_short_name():
    assert name_of(evolve(process("x"), executable="")).text == "comm"


def test_what_is_told_goes_before_what_is_guessed():
    unit = process("/usr/sbin/nginx", cgroup=Cgroup(unit="web@2.service"))
    assert name_of(unit) == Name("web@2")
    assert name_of(unit, "front") == Name("front")
    assert name_of(evolve(unit, declared=Declared("shop")), "front") == Name("shop")


@given(st.text())
def test_names_are_short_and_printable(text):
    name = tidy(text)
    assert len(name) <= MAX_NAME
    assert name.isprintable()
    assert " " not in name
    assert "/" not in name


A, B = process("/usr/bin/redis-server -p 1"), process("/usr/bin/redis-server -p 2")
REDIS = Name("redis-server", guessed=True)


def test_of_two_that_listen_on_other_ports_the_first_keeps_the_plain_name():
    names = Names()
    assert names.settle(REDIS, A, frozenset({1})) == "redis-server"
    assert names.settle(REDIS, B, frozenset({2, 9})) == "redis-server:2"
    assert names.settle(REDIS, A, frozenset({1})) == "redis-server"
    assert names.settle(REDIS, B, frozenset()) == "redis-server:2"
    assert names.settle(REDIS, B, frozenset({0, 2})) == "redis-server:2"


def test_two_that_share_a_port_or_listen_nowhere_are_one():
    names = Names()
    assert names.settle(REDIS, A, frozenset({1})) == "redis-server"
    assert names.settle(REDIS, B, frozenset({1, 2})) == "redis-server"
    assert names.settle(REDIS, B, frozenset()) == "redis-server"


def test_what_is_told_is_never_changed():
    names = Names()
    assert names.settle(Name("cart"), A, frozenset({1})) == "cart"
    assert names.settle(Name("cart"), B, frozenset({2})) == "cart"


def test_only_so_many_names_are_remembered():
    names = Names(limit=1)
    names.settle(REDIS, A, frozenset({1}))
    names.settle(Name("other", guessed=True), A, frozenset({1}))
    assert names.settle(REDIS, B, frozenset({2})) == "redis-server"
