"""OTLP log records: how many errors, and of which kinds."""
