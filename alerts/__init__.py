"""From a saved search to the people who follow it: today its Atom feed."""
