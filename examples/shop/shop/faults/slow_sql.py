"""The product query after an unlucky release: the same row, after half a second of work in the database.

PostgreSQL spends most of it asleep in the server so that a small machine's cores are left to the others.
"""

from __future__ import annotations

SLOW_PRODUCT = {
    "postgresql": (
        "SELECT id, name, price, "
        "(SELECT sum(sqrt(n)) FROM generate_series(1, 250000) AS n) AS score, pg_sleep(0.45) "
        "FROM products WHERE id = ?"
    ),
    "sqlite": (
        "SELECT id, name, price, (WITH RECURSIVE views(n) AS "
        "(SELECT 1 UNION ALL SELECT n + 1 FROM views WHERE n < 900000) SELECT sum(n) FROM views) AS score "
        "FROM products WHERE id = ?"
    ),
}
