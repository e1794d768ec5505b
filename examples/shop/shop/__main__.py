"""Open the shop: `python -m shop --otlp-endpoint http://127.0.0.1:4317 --data-dir DIR`."""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from shop.child import ChildError
from shop.control import ControlServer
from shop.ports import url
from shop.supervisor import Shop

EX_UNAVAILABLE = 69


def arguments() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(prog="shop", description=__doc__)
    parser.add_argument("--otlp-endpoint", default="http://127.0.0.1:4317", help="OTLP over gRPC")
    parser.add_argument("--data-dir", type=Path, required=True, help="for the database and the logs")
    parser.add_argument("--control-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--rate", type=float, default=12.0, help="requests per second of all users")
    parser.add_argument("--database", choices=["auto", "postgresql", "sqlite"], default="auto")
    return parser.parse_args()


def main() -> None:
    """Run the shop until a signal ends it."""
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        shop = Shop(options.otlp_endpoint, options.data_dir.resolve(), options.rate, options.database)
    except LookupError as error:
        sys.exit(f"shop: {error}")
    try:
        open_shop(shop, options.control_port)
    except (ChildError, subprocess.CalledProcessError) as error:
        print(f"shop: {error}", file=sys.stderr)
        sys.exit(EX_UNAVAILABLE)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        shop.stop()


def open_shop(shop: Shop, control_port: int) -> None:
    """Start everything, tell where it is in one line of JSON, and serve the control API."""
    shop.start()
    with ControlServer(control_port, shop) as control:
        whereabouts = {
            "control": url(control.server_port),
            "entry": url(shop.ports["frontend"]),
            "database": shop.database,
            "services": shop.pids(),
            "metrics": shop.pages(),
        }
        print(json.dumps(whereabouts), flush=True)
        control.serve_forever()


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
