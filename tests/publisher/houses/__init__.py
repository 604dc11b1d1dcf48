"""The ten most important publishers, each as public code, documentation and saved answers show that it answers.

Titles are invented. `house.House` says what a harvest by the declared source file must bring. Addresses are http here, and
https in the source files: the test writes them so (tests/crawler/test_ten_publishers.py).
"""
