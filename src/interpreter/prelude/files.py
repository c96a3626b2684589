"""Files that are opened: what those hold that are read as text is known where their path is."""

from shapescope import anything, file_text, note_written


class TextFile:
    """A file from a place in it on; one of bytes keeps them as text for what reads that."""

    def __init__(self, file, is_text):
        self.name, self.closed = file, False
        self._rest = file_text(file)
        self._is_text = is_text

    def __enter__(self): return self
    def __exit__(self, *error): self.closed = True
    def __iter__(self): return iter(self.readlines())
    def __next__(self): return anything()
    def __getattr__(self, name): return anything()
    def close(self): self.closed = True
    def readable(self): return True
    def writable(self): return False
    def readline(self, size=-1): return self._some()
    def seek(self, offset, whence=0): return self._some()
    def tell(self): return anything()

    def _some(self):
        self._rest = anything()
        return anything()

    def _taken(self):
        text, self._rest = self._rest, ''
        return text

    def read(self, size=-1):
        if size is None or size == -1:
            text = self._taken()
            return text if self._is_text else anything()
        return self._some()

    def readlines(self, hint=-1):
        text = self.read()
        return text.splitlines(keepends=True)


def open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if mode in ('r', 'rt', 'tr', 'rb', 'br'):
        return TextFile(file, 'b' not in mode)
    note_written(file)
    return anything()


def text_of(source):
    """The text of an open file, or a text."""
    return source._taken() if isinstance(source, TextFile) else source.read() if hasattr(source, 'read') else source
