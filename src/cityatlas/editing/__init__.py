"""Change features as people do: forms, differences, checks of changes, what is still to do; without Flask."""
