"""The mapping language: from the series of a query to entities, relations and values."""
