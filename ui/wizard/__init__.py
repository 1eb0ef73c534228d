"""The first start of a till: a window of its own, gone before the till opens, and never loaded by it."""
