"""The commands of `hub-monitor`, one file each; `command.py` is what they share, `monitor/cli.py` calls them."""
