"""How good searching is, in figures: what stands behind `pushcart evaluate`."""
