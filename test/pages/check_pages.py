"""Runs the programs of the test pages on real PyTorch and compares what they assert with what happens.

    python check_pages.py [PAGE.md ...]

Statements of a program's main file run one by one, so that the program goes on after one that raises.
What only a function's own generic analysis asserts cannot be checked here and is counted as such.
"""

import ast
import builtins
import os
import pathlib
import re
import sys
import tempfile
import types

import torch

here = pathlib.Path(__file__).resolve().parent
help_pages = here.parent.parent / "media" / "help"
fence = re.compile(r"^```(?:python|(?:json|yaml|toml)(?=\s+file=))(?:\s+file=(\S+))?(\s+main)?\s*$")
revealing = re.compile(r"\breveal(?:_shape)?\(.*\)\s+# (.*)$")
marker = re.compile(r"\s+# (?=(?:error|warning|info|hint|hover|assumes|fix): )")
carets = re.compile(r"^\s*#\s*\^+\s+(?:(warning|info) )?[a-z-]+\s*$")
described = re.compile(r"^(\[.*\]|\S+)(?: ((?!contiguous|not )\w+))?(?: (contiguous|not contiguous))?$")


def read_page(path):
    """Programs as lists of (file name, first line, text), the main file last."""
    lines = path.read_text().split("\n")
    programs, imported, i = [], [], 0
    while i < len(lines):
        opened = fence.match(lines[i])
        if opened:
            end = lines.index("```", i)
            file = (opened[1] or "main.py", i + 2, "\n".join(lines[i + 1 : end]) + "\n")
            if opened[1] and not opened[2]:
                imported.append(file)
            else:
                programs.append([*imported, file])
                imported = []
            i = end
        i += 1
    return programs


def number(value):
    return f"{value:.1f}" if value == int(value) else f"{value:.6g}"


def show(value):
    """A value in words, as harness.ts writes it."""
    inner = lambda values: ", ".join(show(v) for v in values)
    if isinstance(value, torch.Tensor):
        return f"Tensor{list(value.shape)}"
    if value is None or isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, float):
        return number(value) if abs(value) != float("inf") else str(value).replace("inf", "Infinity")
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, tuple):
        return f"({show(value[0])},)" if len(value) == 1 else f"({inner(value)})"
    if isinstance(value, list):
        return f"[{inner(value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{show(k)}: {show(v)}" for k, v in value.items()) + "}"
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    if isinstance(value, range):
        return f"range({value.start}, {value.stop})"
    return type(value).__name__


def show_top(value):
    if not isinstance(value, torch.Tensor):
        return (show(value), None, None)
    return (str(list(value.shape)), str(value.dtype).removeprefix("torch."), value.is_contiguous())


def fits(wanted, seen):
    """A `?` is what the analyser does not know: any size."""
    shape, dtype, layout = described.match(wanted.strip()).groups() if described.match(wanted.strip()) else (wanted, None, None)
    return (
        re.fullmatch(re.escape(shape).replace(r"\?", r"\d+"), seen[0])
        and dtype in (None, seen[1])
        and (layout is None or (layout == "contiguous") == seen[2])
    )


class Run:
    def __init__(self, files):
        self.files = files
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.revealed, self.raised, self.executed, self.problems = {}, set(), set(), []

    def run(self):
        for name, _, text in self.files:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        os.chdir(self.folder)
        builtins.reveal = builtins.reveal_shape = self.reveal
        torch.manual_seed(0)
        main = self.folder / self.files[-1][0]
        module = types.ModuleType("__main__")
        module.__file__ = str(main)
        if "/" in self.files[-1][0]:
            module.__package__ = ".".join(self.files[-1][0].split("/")[:-1])
        old, sys.modules["__main__"] = sys.modules["__main__"], module
        before = set(sys.modules)
        words, sys.argv = sys.argv, [str(main)]
        sys.path.insert(0, str(self.folder))
        sys.settrace(self.trace)
        try:
            for statement in self.statements():
                code = compile(ast.Module([statement], []), str(main), "exec")
                try:
                    exec(code, module.__dict__)
                except Exception as error:
                    self.note(error)
        finally:
            sys.settrace(None)
            sys.path.pop(0)
            sys.argv = words
            sys.modules["__main__"] = old
            for name in set(sys.modules) - before:
                file = getattr(sys.modules[name], "__file__", None)
                if file and file.startswith(str(self.folder)):
                    del sys.modules[name]

    def statements(self):
        name, _, text = self.files[-1]
        try:
            return ast.parse(text).body
        except SyntaxError as error:
            self.raised.add((name, error.lineno))
            return []

    def trace(self, frame, event, _):
        if not frame.f_code.co_filename.startswith(str(self.folder)):
            return None
        self.executed.add(self.place(frame.f_code.co_filename, frame.f_lineno))
        return self.trace

    def place(self, filename, line):
        return str(pathlib.Path(filename).relative_to(self.folder)), line

    def reveal(self, value):
        frame = sys._getframe(1)
        positions = list(frame.f_code.co_positions())[frame.f_lasti // 2]
        where = self.place(frame.f_code.co_filename, positions[1])
        self.revealed.setdefault(where, []).append(show_top(value))
        return value

    def note(self, error):
        at, trace = None, error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename.startswith(str(self.folder)):
                positions = list(trace.tb_frame.f_code.co_positions())[trace.tb_lasti // 2]
                at = (*self.place(trace.tb_frame.f_code.co_filename, positions[0]), positions[1])
            trace = trace.tb_next
        file, first, last = at
        for line in range(first, last + 1):
            self.raised.add((file, line))
        lines = dict((name, text.split("\n")) for name, _, text in self.files)[file]
        if not any(re.search("# (error|warning):", lines[n - 1]) or self.has_carets(lines, n) for n in range(first, last + 1)):
            self.problem(file, first, f"raises {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")

    @staticmethod
    def has_carets(lines, n):
        while n < len(lines) and carets.match(lines[n]):
            if not carets.match(lines[n])[1]:
                return True
            n += 1
        return False

    def problem(self, file, line, message):
        start = next(first for name, first, _ in self.files if name == file)
        self.problems.append(f"line {start + line - 1}: {message}")

    def check(self):
        checked = unchecked = 0
        for file, _, text in self.files:
            lines = text.split("\n")
            for i, whole in enumerate(lines, 1):
                if carets.match(whole):
                    continue
                code = marker.split(whole)[0]
                if revealed := revealing.search(code):
                    program = re.split(r";?\s*\bgeneric ", revealed[1])[0].strip()
                    seen = self.revealed.get((file, i))
                    if not program or seen is None:
                        unchecked += 1
                        if program and (file, i) in self.executed:
                            self.problem(file, i, "is run without a value")
                    else:
                        checked += 1
                        wanted = program.split(" | ")
                        if not (all(any(fits(w, s) for s in seen) for w in wanted) and all(any(fits(w, s) for w in wanted) for s in seen)):
                            self.problem(file, i, f"asserts {program}, is {' | '.join(map(str, dict.fromkeys(seen)))}")
                if "# error:" in whole or self.has_carets(lines, i):
                    if (file, i) in self.raised:
                        checked += 1
                    elif (file, i) in self.executed:
                        self.problem(file, i, "asserts an error, is run without one")
                    else:
                        unchecked += 1
        return checked, unchecked


def main():
    pages = [pathlib.Path(p).resolve() for p in sys.argv[1:]] or sorted(
        p for p in [*here.glob("*.md"), *help_pages.glob("*.md")] if p.name != "README.md"
    )
    total = skipped = wrong = 0
    for page in pages:
        for files in read_page(page):
            run = Run(files)
            run.run()
            checked, unchecked = run.check()
            total += checked
            skipped += unchecked
            for problem in run.problems:
                wrong += 1
                print(f"{page.name}: {problem}")
    print(f"{total} assertions hold or fail on PyTorch {torch.__version__}, {skipped} are of generic runs, {wrong} wrong")
    sys.exit(wrong > 0)


main()
