"""What the shop sells."""

from __future__ import annotations

GOODS = (
    ("kettle", 39.0),
    ("teapot", 24.5),
    ("mug", 7.9),
    ("saucer", 4.2),
    ("strainer", 5.5),
    ("caddy", 12.0),
    ("tray", 18.0),
    ("honey", 6.4),
    ("oolong", 11.8),
    ("sencha", 9.7),
    ("assam", 8.3),
    ("rooibos", 7.1),
)
