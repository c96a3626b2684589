"""Makes one-edit mutants of the samples, runs each on real PyTorch, and keeps what it refused and accepted.

    python record_mutants.py                 the samples and the hold-out programs
    python record_mutants.py OUT.json FILE...
"""

import ast
import collections
import json
import os
import random
import re
import select
import signal
import sys
import time
from pathlib import Path

import torch

from instrument import torch_version
from mutation import edits
from record_samples import HERE, JOBS, run_as_main

SEED = 20
REFUSED_PER_FILE = 30
ACCEPTED_PER_FILE = 15
PER_LINE_AND_KIND = 3
TIMEOUT = 10
OUTPUTS = [HERE / "mutants.json", HERE / "holdout_mutants.json"]

# What these say is not about shapes, or hangs on the values in a tensor.
NOT_SHAPES = re.compile(
    r"dtype|scalar type|index out of range in self|Target -?\d+ is out of bounds|Padding_idx|inf.*nan"
    r"|requires? grad|inplace|in-place|inference tensor|ambiguous|Negative seed|requires_grad"
    r"|backward through|result type|can't be cast|value cannot be converted|expects? .* to be a? ?(float|long|int)"
    r"|upper bound and lower bound|must be greater than|non-zero|can't mutate|values expected"
    r"|unknown kind|expected Float|but found (Float|Long|Bool|Int)|weights sum|is smaller than|'from' >= |expects from"
    r"|index -?\d+ is out of range|[Dd]ropout|not implemented for|instance \d+ of|step must be|math domain|shift count|Only Tensors of floating"
)


def candidates(source, executed):
    """The edits in code that runs, each different program once, in an order that takes the kinds in turn."""
    chance = random.Random(SEED)
    by_kind = collections.defaultdict(list)
    programs = {source}
    statements = statement_lines(ast.parse(source))
    for kind, offset, old, new in edits(source):
        mutant = source[:offset] + new + source[offset + len(old) :]
        line = source.count("\n", 0, offset) + 1
        if mutant in programs or not executed & statements.get(line, set()):
            continue
        try:
            if ast.dump(ast.parse(mutant)) == ast.dump(ast.parse(source)):
                continue
        except SyntaxError:
            continue
        programs.add(mutant)
        by_kind[kind].append((kind, offset, old, new, line, mutant))
    for kind in by_kind:
        chance.shuffle(by_kind[kind])
    while by_kind:
        for kind in sorted(by_kind):
            yield by_kind[kind].pop()
            if not by_kind[kind]:
                del by_kind[kind]


def statement_lines(tree):
    """For each line the lines of the innermost statement on it; a compound statement is its header."""
    lines = {}
    for node in ast.walk(tree):  # outer statements come first
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = max(body[0].lineno - 1, node.lineno) if body else node.end_lineno
            span = set(range(node.lineno, end + 1))
            lines.update(dict.fromkeys(span, span))
    return lines


def lines_of(path):
    """The lines that run when the file runs unchanged."""
    found = set()

    def local(frame, event, _):
        if event == "line":
            found.add(frame.f_lineno)
        return local

    def trace(frame, event, _):
        return local if frame.f_code.co_filename == str(path) else None

    code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    sys.settrace(trace)
    try:
        run_as_main(path, code)
    finally:
        sys.settrace(None)
    return sorted(found)


def attempt(path, mutant):
    """Run a mutant; how it ended."""
    try:
        run_as_main(path, compile(mutant, str(path), "exec"))
    except BaseException as error:
        inside, last = 0, None
        step = error.__traceback__
        while step:
            last = step.tb_frame.f_code.co_filename
            inside = step.tb_lineno if last == str(path) else inside
            step = step.tb_next
        lines = str(error).strip().splitlines() or [""]
        return {
            "exception": type(error).__name__,
            "message": lines[0].strip(),
            "line": inside,
            "own": last == str(path),
        }
    return {"exception": None}


def in_a_child(task, seconds=TIMEOUT):
    """The task's result as JSON, or None if it crashed or took too long."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            be_silent()
            os.write(writer, json.dumps(task()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    return answer_of(child, reader, seconds)


def be_silent():
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)


def answer_of(child, reader, seconds):
    """What the child writes before it ends, as JSON; None if that takes too long."""
    data, deadline = b"", time.monotonic() + seconds
    while True:
        ready, _, _ = select.select([reader], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            data = b""
            break
        chunk = os.read(reader, 65536)
        if not chunk:
            break
        data += chunk
    os.close(reader)
    os.waitpid(child, 0)
    return json.loads(data) if data else None


def is_about_shapes(kind, result, source_line):
    """Whether PyTorch (or einops) refused because of a shape, dim, index or stride."""
    exception, message = result["exception"], result["message"]
    if exception == "EinopsError":
        return True
    if exception not in ("RuntimeError", "IndexError", "ValueError", "AssertionError"):
        return False
    if NOT_SHAPES.search(message):
        return False
    if "is out of bounds for dimension" in message:
        return kind in ("index", "swap-index-parts")
    if exception == "AssertionError":
        return not result["own"]
    if exception == "IndexError":
        return "list index" not in message
    if exception == "ValueError" and result["own"]:
        shapes = r"shape|size\(|chunk|split|unbind|qkv|project|topk|max\("
        return "to unpack" in message and re.search(shapes, source_line) is not None
    return True


def record(path):
    source = path.read_text(encoding="utf-8")
    executed = in_a_child(lambda: lines_of(path))
    if not executed:
        raise SystemExit(f"{path.name} does not run")
    refused, accepted, count = [], [], 0
    tally = collections.Counter()
    for kind, offset, old, new, line, mutant in candidates(source, set(executed)):
        if len(refused) == REFUSED_PER_FILE and len(accepted) == ACCEPTED_PER_FILE:
            break
        if tally[line, kind] == PER_LINE_AND_KIND:
            continue
        count += 1
        result = in_a_child(lambda: attempt(path, mutant))
        if result is None:
            continue
        row = {"file": path.name, "kind": kind, "offset": offset, "old": old, "new": new}
        if result["exception"] is None:
            if len(accepted) < ACCEPTED_PER_FILE:
                accepted.append(row)
        elif len(refused) < REFUSED_PER_FILE:
            source_line = mutant.split("\n")[result["line"] - 1]
            if is_about_shapes(kind, result, source_line):
                tally[line, kind] += 1
                row |= {key: result[key] for key in ("exception", "message", "line")}
                refused.append(row)
    by_place = lambda row: (row["offset"], row["old"], row["new"])
    print(f"{path.name}: {len(refused)} refused, {len(accepted)} accepted, of {count}", flush=True)
    return sorted(refused, key=by_place), sorted(accepted, key=by_place)


def write(output, results):
    def rows(index):
        return ",\n".join(
            "    " + json.dumps(row, ensure_ascii=False) for result in results for row in result[index]
        )

    head = f'{{\n  "torch": "{torch_version()}",\n'
    body = f'  "refused": [\n{rows(0)}\n  ],\n  "accepted": [\n{rows(1)}\n  ]\n}}\n'
    output.write_text(head + body, encoding="utf-8")


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 2:
        jobs = [(Path(sys.argv[1]), [Path(p).resolve() for p in sys.argv[2:]])]
    else:
        jobs = [(output, files) for output, (_, files) in zip(OUTPUTS, JOBS)]
    for output, files in jobs:
        if files:
            write(output, [record(path) for path in files])


if __name__ == "__main__":
    main()
