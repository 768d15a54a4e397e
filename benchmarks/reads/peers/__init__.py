"""Other servers of the same answers from the same database, each as its users would write it."""
