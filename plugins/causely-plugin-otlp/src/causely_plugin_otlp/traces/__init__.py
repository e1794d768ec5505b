"""Spans to a service graph with requests, errors and durations."""
