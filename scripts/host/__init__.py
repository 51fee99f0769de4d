"""Prepares a counter host (柜台主机): what `scripts/install-host` runs. Needs nothing but Python and the system."""
