"""What the plugin knows of each service of AWS: a module a service, in which ``SERVICE`` tells all."""
