"""OTLP metrics to the attributes of docs/attributes.md, by the semantic conventions."""
