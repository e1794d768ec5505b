"""The two ways in: OTLP over gRPC and over HTTP."""
