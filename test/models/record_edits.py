"""Makes one-edit mutants of the model files that the entry programs run, and keeps what PyTorch refused and accepted.

    python record_edits.py                     every program in entries/
    python record_edits.py [--out DIR] FILE...   only these, or elsewhere than in edits/

The edited file is the first one that the program imports of its `# modules:` that has a `forward`. The
program runs up to that import and is forked there for each edit, so that all else is imported once.
"""

import ast
import collections
import hashlib
import importlib.abc
import importlib.machinery
import json
import os
import random
import re
import sys
import time
import traceback
from fnmatch import fnmatch
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "golden"))

import torch  # noqa: E402
from instrument import torch_version  # noqa: E402
from mutation import edits  # noqa: E402
from record import main, modules_of  # noqa: E402
from record_mutants import TIMEOUT, answer_of, be_silent, is_about_shapes, statement_lines  # noqa: E402
from record_samples import run_as_main  # noqa: E402

SEED = 20
REFUSED_PER_FILE = 14
ACCEPTED_PER_FILE = 7
PER_LINE = 2
ATTEMPTS = 250
# An error raised in these is PyTorch's, or einops', own; any other is an exception of the model's code.
LIBRARIES = re.compile(r"/site-packages/(torch|einops|numpy)/")


class Branch(BaseException):
    """In a forked process: go on with this text of the module."""


class Done(BaseException):
    """All edits were tried; the program need not go on."""


class TextLoader(importlib.machinery.SourceFileLoader):
    """Loads a module from a given text; `lines` gets the lines of it that run."""

    def __init__(self, fullname, path, text, lines):
        super().__init__(fullname, path)
        self.text = text
        self.lines = lines

    def get_code(self, fullname):
        if self.lines is not None:
            follow_lines(self.path, self.lines)
        return compile(self.text, self.path, "exec", dont_inherit=True)


def follow_lines(path, found):
    def local(frame, event, _):
        if event == "line":
            found.add(frame.f_lineno)
        return local

    sys.settrace(lambda frame, event, _: local if frame.f_code.co_filename == path else None)


class Crossroads(importlib.abc.MetaPathFinder):
    """Where the program imports its model file, `task(module, path, source)` says what to run it with."""

    def __init__(self, globs, task):
        self.globs = globs
        self.task = task
        # in a forked process: where its outcome goes, the file that it edits, and the lines that ran if asked for
        self.pipe = None
        self.path = None
        self.root = None
        self.lines = None

    def find_spec(self, fullname, path=None, target=None):
        if self.pipe or not any(fnmatch(fullname, glob) for glob in self.globs):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        self.path = spec.loader.path
        self.root = self.path.removesuffix(module_file_at(fullname, self.path))
        source = Path(self.path).read_text(encoding="utf-8")
        if "def forward(" not in source:
            return None
        try:
            self.task(fullname, source, self)
        except Branch as branch:
            spec.loader = TextLoader(fullname, self.path, branch.args[0], self.lines)
            return spec
        raise Done

    def run_with(self, text, notes_lines=False):
        """How the program ends if the module has this text, or None if it crashed or took too long."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            self.pipe = writer
            self.lines = set() if notes_lines else None
            be_silent()
            raise Branch(text)
        os.close(writer)
        return answer_of(child, reader, TIMEOUT * (6 if notes_lines else 1))

    def report(self, error):
        """Ends a forked process with what came of the program."""
        sys.settrace(None)
        result = {"exception": None, "lines": sorted(self.lines or ())}
        if error:
            result |= {"exception": type(error).__name__, **places(error, self.path, self.root)}
        os.write(self.pipe, json.dumps(result).encode())
        os._exit(0)


def places(error, path, root):
    """The first line of the message, and where it was raised: in the edited file, and outside of libraries."""
    frames = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    inside = [line for file, line in frames if file == path]
    innermost = next((frame for frame in reversed(frames) if not LIBRARIES.search(frame[0])), (path, 0))
    lines = str(error).strip().splitlines() or [""]
    return {
        "message": lines[0].strip(),
        "line": inside[-1] if inside else 0,
        "raised": [innermost[0].removeprefix(root).rpartition("/entries/")[2], innermost[1]],
        "own": not LIBRARIES.search(frames[-1][0]),
    }


def run(entry, globs, task):
    """Runs the program; in a forked process its outcome is reported."""
    crossroads = Crossroads(globs, task)
    sys.meta_path.insert(0, crossroads)
    try:
        run_as_main(entry, compile(entry.read_text(encoding="utf-8"), str(entry), "exec"))
    except Done:
        return
    except BaseException as error:
        if crossroads.pipe:
            crossroads.report(error)
        raise
    if crossroads.pipe:
        crossroads.report(None)
    raise SystemExit(f"{entry.name} imports no model file that it names")


def in_turns(source, executed):
    """The edits in code that runs, in an order that takes the kinds in turn."""
    chance = random.Random(SEED)
    statements = statement_lines(ast.parse(source))
    by_kind = collections.defaultdict(list)
    for kind, offset, old, new in edits(source):
        line = source.count("\n", 0, offset) + 1
        if executed & statements.get(line, set()):
            by_kind[kind].append((kind, offset, old, new, line))
    kinds = sorted(by_kind)
    chance.shuffle(kinds)
    for kind in kinds:
        chance.shuffle(by_kind[kind])
    while kinds:
        for kind in list(kinds):
            yield by_kind[kind].pop()
            if not by_kind[kind]:
                kinds.remove(kind)


def is_program(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def record(entry, out):
    since = time.monotonic()

    def task(module, source, crossroads):
        unchanged = crossroads.run_with(source, notes_lines=True)
        if unchanged is None or unchanged["exception"]:
            raise SystemExit(f"{entry.name} does not run: {unchanged}")
        refused, accepted, attempts = try_edits(source, set(unchanged["lines"]), crossroads.run_with)
        out.mkdir(parents=True, exist_ok=True)
        write(out / f"{entry.stem}.json", module_file_at(module, crossroads.path), source, refused, accepted)
        seconds = time.monotonic() - since
        print(
            f"{entry.stem}: {len(refused)} refused, {len(accepted)} accepted, of {attempts}, {seconds:.0f} s",
            flush=True,
        )

    run(entry, modules_of(entry.read_text(encoding="utf-8"))[:1], task)


def module_file_at(name, path):
    """The file's path below the folder that holds its package."""
    depth = name.count(".") + (2 if path.endswith("/__init__.py") else 1)
    return "/".join(Path(path).parts[-depth:])


def try_edits(source, executed, run_with):
    """Edits that PyTorch refuses because of a shape, and some that it accepts."""
    refused, accepted, attempts = [], [], 0
    tally = collections.Counter()
    programs = {source}
    for kind, offset, old, new, line in in_turns(source, executed):
        if attempts == ATTEMPTS or (len(refused), len(accepted)) == (REFUSED_PER_FILE, ACCEPTED_PER_FILE):
            break
        mutant = source[:offset] + new + source[offset + len(old) :]
        if tally[line] == PER_LINE or mutant in programs or not is_program(mutant):
            continue
        programs.add(mutant)
        attempts += 1
        result = run_with(mutant)
        if result is None:
            continue
        row = {"kind": kind, "offset": offset, "length": len(old), "new": new}
        if result["exception"] is None:
            if len(accepted) < ACCEPTED_PER_FILE:
                accepted.append(row)
        elif len(refused) < REFUSED_PER_FILE:
            if is_about_shapes(kind, result, line_at(mutant, result["line"])):
                tally[line] += 1
                refused.append(row | {key: result[key] for key in ("exception", "message", "line", "raised")})
    return refused, accepted, attempts


def line_at(text, line):
    return text.split("\n")[line - 1] if line else ""


def write(path, file, source, refused, accepted):
    def rows(found):
        ordered = sorted(found, key=lambda row: (row["offset"], row["length"], row["new"]))
        return ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in ordered)

    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    head = json.dumps({"torch": torch_version(), "file": file, "sha256": digest})[1:-1]
    body = f'  "refused": [\n{rows(refused)}\n  ],\n  "accepted": [\n{rows(accepted)}\n  ]\n'
    path.write_text(f"{{\n  {head},\n{body}}}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(record, "edits", __doc__))
