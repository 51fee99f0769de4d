"""Certificates, sign-on, posts, audit and masking."""
