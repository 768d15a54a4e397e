"""What the demonstration needs where there is no data: an export made up for it."""
