"""The one place where the parts meet: files, hub, keys, law and use cases become one counter."""
