"""A page to look at: series, rankings, coverage and findings, each number with the words it was read from.

Belongs here: the Streamlit page, its queries, charts and words in two languages. Not here: a figure that the published
file does not hold; the page reads and never computes a mart of its own.

Streamlit puts this folder first on Python's path, so no module here may bear the name of one of the standard library.
"""
