"""From a query to results: the query tree, the search engines behind one Protocol, and the JSON API."""
