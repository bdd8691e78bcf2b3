"""Write the public site as files, for hosts that run no program."""
