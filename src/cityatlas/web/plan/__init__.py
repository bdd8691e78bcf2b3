"""Plan a tour: the page, its links and files, and the programs' answer."""
