"""Views: the parts of the page, one module each, that wire answers, charts and words to widgets."""
