"""Look at a publisher's site with few requests, and propose a source file for it.

What to ask next (questions.py), what an answer is (oai, api, sitemap, feed, listing readers), which way is best
(ranking.py) and how it is written down (writing.py) are decided by pure functions; spider.py asks.
"""
