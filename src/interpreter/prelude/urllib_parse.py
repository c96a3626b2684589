"""The parts of addresses."""

from shapescope import anything, url_part


class SplitResult:
    def __init__(self, url):
        self._url = url
        self.scheme, self.netloc, self.path = url_part('scheme', url), url_part('netloc', url), url_part('path', url)
        self.query, self.fragment, self.params = url_part('query', url), url_part('fragment', url), ''

    def __getattr__(self, name): return anything()
    def __iter__(self): return iter((self.scheme, self.netloc, self.path, self.query, self.fragment))
    def geturl(self): return self._url


def urlsplit(url, scheme='', allow_fragments=True): return SplitResult(url) if scheme == '' else anything()
urlparse = urlsplit
