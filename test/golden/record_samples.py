"""Runs Python files on real PyTorch and writes the shape of every tensor expression as JSON.

    python record_samples.py                       the samples and the hold-out programs
    python record_samples.py OUT FILE...           any entry files, each as `python FILE` runs it
    python record_samples.py --also 'pkg.*' OUT FILE...   and the imported modules that match
"""

import argparse
import fnmatch
import importlib.abc
import importlib.machinery
import os
import random
import sys
import types
from pathlib import Path

import torch

from instrument import HOOK, Recorder, instrument

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent.parent / "media" / "samples"
JOBS = [
    (HERE / "samples", sorted(SAMPLES.glob("*.py"))),
    (HERE / "holdout", sorted((HERE / "holdout").glob("*.py"))),
]


class RecordingLoader(importlib.machinery.SourceFileLoader):
    """Loads a module from its source, instrumented; never from byte code."""

    def __init__(self, fullname, path, recorders):
        super().__init__(fullname, path)
        self.recorder = recorders.setdefault(fullname, Recorder())

    def get_code(self, fullname):
        return instrument(self.get_source(fullname), self.path, self.recorder)

    def exec_module(self, module):
        setattr(module, HOOK, self.recorder)
        super().exec_module(module)


class RecordingFinder(importlib.abc.MetaPathFinder):
    def __init__(self, globs):
        self.globs = globs
        self.recorders = {}

    def find_spec(self, fullname, path=None, target=None):
        if not any(fnmatch.fnmatch(fullname, glob) for glob in self.globs):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        spec.loader = RecordingLoader(fullname, spec.loader.path, self.recorders)
        return spec


def run_as_main(path, code, hook=None):
    """Run the code as `python path` would."""
    module = types.ModuleType("__main__")
    module.__file__ = str(path)
    if hook:
        setattr(module, HOOK, hook)
    sys.modules["__main__"] = module
    sys.argv = [str(path)]
    sys.path.insert(0, str(Path(path).parent))
    random.seed(0)
    torch.manual_seed(0)
    exec(code, module.__dict__)


def record(path, out, globs=()):
    """Run one file and write OUT/<name>.json, and one file for each imported module that matches."""
    finder = RecordingFinder(globs)
    sys.meta_path.insert(0, finder)
    recorder = Recorder()
    code = instrument(path.read_text(encoding="utf-8"), str(path), recorder)
    try:
        run_as_main(path, code, recorder)
    except SystemExit as stop:
        if stop.code:
            raise
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{path.stem}.json").write_text(recorder.as_json(path.name), encoding="utf-8")
    for name, imported in finder.recorders.items():
        text = imported.as_json(module_file(name))
        (out / f"{name}.json").write_text(text, encoding="utf-8")


def module_file(name):
    """The module's path below the folder that it was found in: pkg/sub/__init__.py."""
    path = Path(sys.modules[name].__file__)
    depth = name.count(".") + (2 if path.name == "__init__.py" else 1)
    return "/".join(path.parts[-depth:])


def in_a_child(task):
    """Each program gets a process of its own, so that none sees what another left."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            task()
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--also", action="append", default=[], metavar="MODULE_GLOB")
    parser.add_argument("out", nargs="?", type=Path, help="output folder")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.out and not options.files:
        parser.error("no files given")
    jobs = [(options.out.resolve(), options.files)] if options.out else JOBS

    torch.set_num_threads(1)
    failed = 0
    for out, files in jobs:
        for path in files:
            if not in_a_child(lambda: record(path.resolve(), out, options.also)):
                print(f"{path.name}: failed", file=sys.stderr)
                failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
