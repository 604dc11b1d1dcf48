"""Between a spider and its publisher: which addresses, when, how often, how much. A request passes, in this order,

address_guard (the address), robots (what the publisher allows), cache, throttle (pauses that the server asks for, the budget and
the hours of the run, the turn of the host), address_guard again (what the name of the host resolves to), handler and
connection (the sending itself, time and size).
"""
