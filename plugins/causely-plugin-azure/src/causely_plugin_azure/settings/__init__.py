"""Parts of the plugin's section of the configuration file."""
