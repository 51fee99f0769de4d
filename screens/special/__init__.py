"""The few functions that a form cannot express."""
