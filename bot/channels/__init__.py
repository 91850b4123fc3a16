"""One file per channel through which families write."""
