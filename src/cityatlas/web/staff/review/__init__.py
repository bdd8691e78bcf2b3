"""Look drafts, reports and histories through, and publish."""
