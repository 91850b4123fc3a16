"""What the assistant does with a message: read, merge, assess, speak."""
