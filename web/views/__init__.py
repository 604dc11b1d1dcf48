"""From what the store and the search answer to what a page is given; pure functions."""
