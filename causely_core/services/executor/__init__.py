"""The executor: carries out remediation actions."""
