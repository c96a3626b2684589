# Records what Python's own `ast` says about the snippets beside it: node kinds, ranges and key fields.
"""Usage: python3 test/syntax/record_ast.py: writes a golden beside each snippet."""
import ast
import json
import pathlib
import sys

OPERATORS = {
    ast.Add: '+', ast.Sub: '-', ast.Mult: '*', ast.Div: '/', ast.FloorDiv: '//', ast.Mod: '%', ast.Pow: '**',
    ast.MatMult: '@', ast.BitAnd: '&', ast.BitOr: '|', ast.BitXor: '^', ast.LShift: '<<', ast.RShift: '>>',
    ast.UAdd: '+', ast.USub: '-', ast.Invert: '~', ast.Not: 'not', ast.And: 'and', ast.Or: 'or',
    ast.Lt: '<', ast.LtE: '<=', ast.Gt: '>', ast.GtE: '>=', ast.Eq: '==', ast.NotEq: '!=', ast.In: 'in',
    ast.NotIn: 'not in', ast.Is: 'is', ast.IsNot: 'is not',
}
RENAMED = {
    'AsyncFunctionDef': 'FunctionDef', 'AsyncFor': 'For', 'AsyncWith': 'With', 'JoinedStr': 'FString',
    'arg': 'Parameter', 'keyword': 'Keyword', 'alias': 'Alias', 'MatchAs': 'MatchCapture',
    'MatchSingleton': 'MatchValue', 'TryStar': 'Try',
}


def constant(value):
    if value is None or isinstance(value, bool) or value is ...:
        return 'Constant', {None: 'None', True: 'True', False: 'False', ...: '...'}[value]
    if isinstance(value, str):
        return 'String', value.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
    if isinstance(value, bytes):
        return 'String', value.decode('latin1')
    number = value.imag if isinstance(value, complex) else value
    try:
        number = float(number)
    except OverflowError:
        number = float('inf')
    return 'Number', repr(number)


def key(node):
    if isinstance(node, (ast.Name,)):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.AugAssign)):
        return OPERATORS[type(node.op)]
    if isinstance(node, ast.Compare):
        return ' '.join(OPERATORS[type(op)] for op in node.ops)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.keyword):
        return node.arg or '**'
    if isinstance(node, ast.alias):
        return node.name + (' as ' + node.asname if node.asname else '')
    if isinstance(node, ast.ImportFrom):
        return '.' * node.level + (node.module or '')
    if isinstance(node, ast.ExceptHandler):
        return node.name or ''
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return ' '.join(node.names)
    if isinstance(node, (ast.MatchAs, ast.MatchStar)):
        return node.name or ''
    return ''


def record(source):
    lines = ast._splitlines_no_ff(source)

    def column(line, byte):
        text = lines[line - 1]
        return byte if text.isascii() else len(text.encode()[:byte].decode(errors='replace'))

    rows = []

    def visit(node, inside_string, is_format=False):
        kind = type(node).__name__
        name = key(node)
        if isinstance(node, ast.Constant):
            kind, name = constant(node.value)
        kind = RENAMED.get(kind, kind)
        if isinstance(node, ast.FormattedValue) or is_format:
            kind = None  # our f-strings list their expressions flatly
        if isinstance(node, ast.MatchSingleton):
            rows.append(['Constant', node.lineno - 1, column(node.lineno, node.col_offset),
                         node.end_lineno - 1, column(node.end_lineno, node.end_col_offset), str(node.value)])
        if isinstance(node, ast.Constant) and inside_string:
            kind = None
        if kind and hasattr(node, 'lineno'):
            rows.append([kind, node.lineno - 1, column(node.lineno, node.col_offset), node.end_lineno - 1,
                         column(node.end_lineno, node.end_col_offset), name])
        if isinstance(node, ast.JoinedStr) and node.lineno != node.end_lineno:
            return  # Python 3.11 misplaces what is inside f-strings of several lines
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr_context):
                visit(child, isinstance(node, ast.JoinedStr),
                      isinstance(node, ast.FormattedValue) and child is node.format_spec)

    visit(ast.parse(source), False)
    rows.sort(key=lambda row: (row[1], row[2], -row[3], -row[4], row[0], row[5]))
    return rows


def read(path):
    with open(path, encoding='utf-8', newline='') as file:
        return file.read()


if __name__ == '__main__':
    here = pathlib.Path(__file__).parent / 'snippets'
    for path in sorted(here.glob('*.py')):
        rows = record(read(path))
        text = ',\n'.join(json.dumps(row) for row in rows)
        path.with_suffix('.json').write_text('[\n' + text + '\n]\n')
        print(path.name, len(rows), file=sys.stderr)
