"""From stored matches to messages that arrive: when they are due, gathering, sending, trying again, giving up.

*Useful for* the promise that nothing is lost and nothing is sent twice, but for messages whose answer was lost. *Not useful for*
what matches (alerts.matching, alerts.following) and what messages say (alerts.writing). Begin with `worker`.
"""
