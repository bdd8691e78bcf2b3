// Say how many places a wish may ask for, to the map and to the planner alike.

export const MOST_MUST = 12; // as the server has it (tests/data/limits.json)
