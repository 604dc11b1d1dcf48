"""How good searching is, in figures: what is behind `pushcart evaluate`."""
