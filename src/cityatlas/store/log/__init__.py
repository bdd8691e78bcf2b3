"""Hold what was said, by whom and when: revisions, drafts, publications, and what was erased of them."""
