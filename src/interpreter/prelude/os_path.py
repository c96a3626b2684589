"""os.path: what paths are by their text, and what is there."""

from shapescope import path_exists, path_joined, path_part


def join(path, *paths): return path_joined(path, *paths)
def dirname(p): return path_part('dirname', p)
def basename(p): return path_part('basename', p)
def split(p): return path_part('dirname', p), path_part('basename', p)
def normpath(path): return path_part('normalised', path)
def abspath(path): return path_part('absolute', path)
def realpath(filename, *, strict=False): return path_part('absolute', filename)
def expanduser(path): return path_part('unexpanded', path)
def exists(path): return path_exists(path)
def lexists(path): return path_exists(path)
def isfile(path): return path_exists(path, 'file')
def isdir(s): return path_exists(s, 'folder')


def splitext(p):
    extension = path_part('extension', p)
    return (p[:-len(extension)] if extension else p), extension
