"""The loyalty till without a face: rules, use cases and adapters, and no Qt."""

__version__ = "0.1.0"
