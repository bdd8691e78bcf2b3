"""Plan a visitor's day: the request, the day's places, the solver, the itinerary and the advice."""
