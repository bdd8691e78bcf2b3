"""Hold the steps that bring an older database up to this program."""
