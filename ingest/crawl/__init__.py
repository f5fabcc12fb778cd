"""The crawler: from a portal's file to bytes and a fetch log in the raw archive, with Scrapy. Computes nothing here."""
