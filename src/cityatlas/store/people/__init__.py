"""Hold who may edit: accounts, their logins and second factors, and what they want to be told."""
