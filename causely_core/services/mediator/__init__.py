"""The mediator: telemetry in, raw series to the time series store, topology and symptoms to the analyzer."""
