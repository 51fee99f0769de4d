"""社保柜台终端: the counter terminal of a social-insurance bureau."""

__version__ = "0.1.0"
