"""The register: one schema, used by mirror and hub alike."""
