"""What the law says, as data, and small pure functions that answer yes, no or not known yet."""
