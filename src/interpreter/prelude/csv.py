"""Tables that are read from files: what is in them is not known, but that it is text in rows."""

from shapescope import some_of, some_text

QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = 0, 1, 2, 3


def reader(csvfile, dialect='excel', **options):
    return some_of(some_of(some_text()))


class Row(dict):
    """A row by the names of its columns, whichever these are."""

    def __getitem__(self, name): return some_text()
    def __contains__(self, name): return some_text() == ''
    def get(self, name, default=None): return some_text()
    def pop(self, name, default=None): return some_text()
    def keys(self): return some_of(some_text())
    def values(self): return some_of(some_text())
    def items(self): return some_of((some_text(), some_text()))
    def __iter__(self): return some_of(some_text())
    def __len__(self): return len(some_of(some_text()))


class DictReader:
    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect='excel', **options):
        self.fieldnames = some_of(some_text()) if fieldnames is None else fieldnames
        self.line_num = 0

    def __iter__(self): return some_of(Row())
    def __next__(self): return Row()


class writer:
    def __init__(self, csvfile, dialect='excel', **options):
        pass

    def writerow(self, row): return None
    def writerows(self, rows): return None


class DictWriter(writer):
    def __init__(self, f, fieldnames, **options):
        self.fieldnames = fieldnames

    def writeheader(self): return None
