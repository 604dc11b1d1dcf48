"""Where documents are looked up: one Protocol, and the two engines that fulfil it."""
