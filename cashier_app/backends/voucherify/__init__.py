"""Voucherify, legacy loyalty (interface v1): points on loyalty cards, held by validation sessions."""
