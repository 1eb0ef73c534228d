"""Devices and decoding: from a picture or a burst of keys to text."""

from cashier_app.scanning.opencv import set_environment

# Here, so that it is done before any module of this package imports OpenCV, which reads it only once.
set_environment()
