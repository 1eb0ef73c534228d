"""The till's six short sounds: which moment has one, what it is made of, and the thread that plays it."""
