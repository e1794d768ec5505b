"""What stands in for agents and plugins when the capacity of mediator, analyzer and VictoriaMetrics is measured."""
