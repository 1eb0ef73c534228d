"""Measurements, each as a ratio in one interleaved run against the bare thing it wraps."""
