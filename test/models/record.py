"""Runs entry programs on real PyTorch and writes what every tensor node of the named modules was.

    python record.py                      every program in entries/
    python record.py FILE...              only these
    python record.py --out DIR FILE...    elsewhere than in recorded/

An entry program names the modules in a comment: `# modules: transformers.models.llama.* transformers.cache_utils`.
"""

import argparse
import gzip
import hashlib
import json
import re
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "golden"))

import torch  # noqa: E402
from instrument import Recorder, instrument, torch_version  # noqa: E402
from record_samples import RecordingFinder, in_a_child, module_file, run_as_main  # noqa: E402


def modules_of(source):
    """The globs of module names that the program's comment asks for."""
    return [glob for line in re.findall(r"^# modules: *(.*)$", source, re.M) for glob in line.split()]


def rows_of(recorder):
    """[line, column, end line, end column, kind, name, tensors], a tensor as [shape, dtype, contiguous]."""
    rows = []
    for (source_range, kind, name), number in recorder.numbers.items():
        if seen := recorder.seen.get(number):
            tensors = [[list(shape), dtype, contiguous] for shape, dtype, contiguous in seen]
            rows.append([*source_range, kind, name, tensors])
    return sorted(rows, key=lambda row: row[:5])


def part(file, source, recorder):
    """What was seen in one file; the hash tells whether the file at hand is the one that ran."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    return {"file": file, "sha256": digest, "nodes": rows_of(recorder)}


def record(path, out):
    source = path.read_text(encoding="utf-8")
    finder = RecordingFinder(modules_of(source))
    sys.meta_path.insert(0, finder)
    recorder = Recorder()
    since = time.monotonic()
    run_as_main(path, instrument(source, str(path), recorder), recorder)
    parts = [part(path.name, source, recorder)]
    for name, imported in sorted(finder.recorders.items()):
        rows = part(module_file(name), Path(sys.modules[name].__file__).read_text(encoding="utf-8"), imported)
        if rows["nodes"]:
            parts.append(rows)
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"torch": torch_version(), "files": parts}, separators=(",", ":"), ensure_ascii=False)
    # no time stamp, so that the same run gives the same bytes
    (out / f"{path.stem}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    count = sum(len(rows["nodes"]) for rows in parts)
    print(f"{path.stem}: {count} nodes in {len(parts)} files, {time.monotonic() - since:.1f} s", flush=True)


def main(record_one=record, folder="recorded", about=__doc__):
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE / folder, metavar="DIR")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    files = options.files or sorted((HERE / "entries").glob("*.py"))
    failed = [path for path in files if not in_a_child(lambda: record_one(path.resolve(), options.out))]
    for path in failed:
        print(f"{path.name}: failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
