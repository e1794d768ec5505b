"""Test classes to inherit, one a hook; each failure is one line that says what to fix."""
