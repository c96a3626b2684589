"""Looking for files by patterns."""

from shapescope import files_matching, some_of, some_text


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    found = files_matching(pathname, include_hidden) if root_dir is None and (recursive or '**' not in pathname) else None
    return some_of(some_text()) if found is None else found


def iglob(pathname, **options): return iter(glob(pathname, **options))
