"""What is measured of resources: which metrics, in which requests, and what their values mean."""
