"""Runs the programs of code/ and records the frequencies that each computes, in the order of its text.

    python test/golden/encodings/record_code.py
"""

import importlib.util
import json
import pathlib

here = pathlib.Path(__file__).resolve().parent


def frequencies(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [[float(f'{value:.9g}') for value in tensor.tolist()] for tensor in module.recorded()]


def main():
    lines = [json.dumps({'file': path.name, 'theta': frequencies(path)}) for path in sorted((here / 'code').glob('*.py'))]
    (here / 'code.json').write_text('[\n' + ',\n'.join(lines) + '\n]\n')
    print(len(lines), 'programs')


if __name__ == '__main__':
    main()
