"""What one may choose, from the tests of the chart itself."""

import importlib.util
from pathlib import Path

_FILE = Path(__file__).parents[2] / "charts" / "choices.py"
_spec = importlib.util.spec_from_file_location("chart_choices", _FILE)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

CHOICES = _module.CHOICES
