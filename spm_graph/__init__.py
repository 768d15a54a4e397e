"""spm_graph: an open-source Sales Performance Management server behind one GraphQL API."""
