"""Training: lessons, who teaches them, and hands that show them. A till at work imports nothing of it."""
