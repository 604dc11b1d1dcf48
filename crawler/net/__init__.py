"""Between a spider and its publisher: which addresses, when, how often, how much. A request passes, in this order,

guard (the address), robots (what the publisher allows), pauses (what the server asks for), gate (the run's budget and
hours, the host's turn), names (what the host's name resolves to), wire (the sending itself, time and size).
"""
