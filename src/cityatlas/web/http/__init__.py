"""Answer requests in the same way everywhere: answers, languages, headers, errors, limits."""
