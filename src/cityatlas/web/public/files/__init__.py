"""Answer with what visitors take away: data, pictures, paper."""
