"""Tell operators how the server does."""
