"""Training: lessons, who teaches them, hands that show them. A till at work imports only what opens it."""
