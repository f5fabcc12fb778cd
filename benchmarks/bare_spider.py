"""A bare Scrapy spider that saves the pages of a portal of our own, as the measure for `benchmarks.crawl`.

`python -m benchmarks.bare_spider START FOLDER CONNECTIONS` prints pages, seconds, seconds of the
processor and megabytes as JSON.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from ingest.crawl.crawl import peak_memory


class Bare(Spider):
    """Follows lists, reports and attachments, and writes each body to a file."""

    name = "bare"
    start_url = ""
    folder = Path()
    saved = 0

    async def start(self) -> AsyncIterator[Request]:
        """The list."""
        yield Request(self.start_url, callback=self.on_list)

    def on_list(self, response: Response) -> Iterator[Request]:
        """Its reports and the next page."""
        self.save(response)
        for link in response.css("li a[href]"):
            if "?" not in link.attrib["href"]:
                yield response.follow(link, callback=self.on_report)
        yield from response.follow_all(css="a.Next", callback=self.on_list)

    def on_report(self, response: Response) -> Iterator[Request]:
        """Its attachments."""
        self.save(response)
        yield from response.follow_all(css="#vsb_content a[href]", callback=self.save)

    def save(self, response: Response) -> None:
        """Write the body."""
        self.saved += 1
        name = hashlib.sha256(response.url.encode()).hexdigest()
        (self.folder / name).write_bytes(response.body)


def main(start_url: str, folder: str, connections: int) -> None:
    """Crawl and print what it took."""
    began, busy = time.monotonic(), time.process_time()
    settings = {
        "LOG_LEVEL": "ERROR",
        "CONCURRENT_REQUESTS": connections,
        "CONCURRENT_REQUESTS_PER_DOMAIN": connections,
        "ROBOTSTXT_OBEY": True,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Bare)
    process.crawl(crawler, start_url=start_url, folder=Path(folder))
    process.start()
    spider = crawler.spider
    assert isinstance(spider, Bare)
    measured = {
        "pages": spider.saved,
        "seconds": time.monotonic() - began,
        "cpu": time.process_time() - busy,
        "memory": peak_memory(),
    }
    sys.stdout.write(json.dumps(measured) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
