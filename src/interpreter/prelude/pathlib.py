"""Paths as objects, held as text."""

from shapescope import anything, file_text, files_matching, note_written, path_exists, path_joined, path_part, some_of, some_text

from .files import open as open_file


class PurePath:
    def __init__(self, *parts):
        self._text = path_part('plain', path_joined(*parts))

    def _with(self, text): return type(self)(text)
    def _part(self, which): return path_part(which, self._text)
    def __str__(self): return self._text
    def __repr__(self): return f"{type(self).__name__}('{self._text}')"
    def __fspath__(self): return self._text
    def __truediv__(self, other): return self._with(path_joined(self._text, other))
    def __rtruediv__(self, other): return self._with(path_joined(other, self._text))
    def __eq__(self, other): return isinstance(other, PurePath) and self._text == other._text
    def __lt__(self, other): return self._text < other._text
    def __hash__(self): return hash(self._text)
    def __getattr__(self, name): return anything()
    def joinpath(self, *others): return self._with(path_joined(self._text, *others))
    def as_posix(self): return self._text
    def is_absolute(self): return anything() == ''
    def with_name(self, name): return self.parent / name
    def with_stem(self, stem): return self.parent / (stem + self.suffix)
    def with_suffix(self, suffix): return self.parent / (self.stem + suffix)
    def relative_to(self, other, *others): return self._with(some_text())

    @property
    def name(self): return self._part('name')
    @property
    def stem(self): return self._part('stem')
    @property
    def suffix(self): return self._part('suffix')
    @property
    def parent(self): return self._with(self._part('parent'))

    @property
    def parents(self):
        known, at = [], self
        for _ in range(40):
            above = at.parent
            if above._text == at._text:
                return tuple(known)
            known.append(above)
            at = above
        return some_of(self._with(some_text()))

    @property
    def parts(self): return tuple(self._text.split('/')) if self._text[0] != '/' else ('/', *self._text[1:].split('/'))


class Path(PurePath):
    @classmethod
    def cwd(cls): return cls(some_text())
    @classmethod
    def home(cls): return cls(some_text())

    def absolute(self): return self._with(self._part('absolute'))
    def resolve(self, strict=False): return self._with(self._part('absolute'))
    def expanduser(self): return self._with(self._part('unexpanded'))
    def exists(self, *, follow_symlinks=True): return path_exists(self)
    def is_file(self, *, follow_symlinks=True): return path_exists(self, 'file')
    def is_dir(self, *, follow_symlinks=True): return path_exists(self, 'folder')
    def read_text(self, encoding=None, errors=None, newline=None): return file_text(self)
    def read_bytes(self): return anything()
    def open(self, mode='r', buffering=-1, encoding=None, errors=None, newline=None): return open_file(self, mode)
    def write_text(self, data, encoding=None, errors=None, newline=None): return note_written(self)
    def write_bytes(self, data): return note_written(self)
    def unlink(self, missing_ok=False): return note_written(self)
    def mkdir(self, mode=511, parents=False, exist_ok=False): return None
    def iterdir(self): return iter(some_of(self._with(some_text())))
    def rglob(self, pattern): return self.glob(path_joined('**', pattern))

    def glob(self, pattern):
        found = files_matching(self / pattern, True)
        return iter(some_of(self._with(some_text())) if found is None else [self._with(path) for path in found])


PosixPath, PurePosixPath = Path, PurePath
