"""Wraps the expressions of a Python program so that the tensors they yield are noted, by source range.

`instrument(source, filename, recorder)` returns a code object that means what the source means; its
globals must hold the recorder under the name HOOK. Each wrapped expression E becomes HOOK(E, i),
which returns E's value unchanged.
"""

import ast
import copy
import json
from collections import defaultdict

import torch

HOOK = "__shapescope__"
OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|",
    ast.BitXor: "^", ast.BitAnd: "&",
}


class Recorder:
    """What was seen in one file: for each node the different (shape, dtype, contiguous)."""

    def __init__(self):
        self.numbers = {}
        self.seen = defaultdict(dict)

    def add(self, source_range, kind, name):
        """The number of the node; one range of one kind is one node."""
        return self.numbers.setdefault((source_range, kind, name), len(self.numbers))

    def __call__(self, value, index):
        # `isinstance` would ask the value for its class, which may be code that is recorded.
        if issubclass(type(value), torch.Tensor):
            with torch._C.DisableTorchFunctionSubclass():
                described = describe(value)
            if described:
                self.seen[index].setdefault(described)
        return value

    def check(self, value, index):
        """The form for comprehensions, where it stands as a condition."""
        self(value, index)
        return True

    def as_json(self, file):
        """The contract's JSON, one line a node."""
        rows = []
        for (source_range, kind, name), number in self.numbers.items():
            if seen := self.seen.get(number):
                tensors = [{"shape": list(s), "dtype": d, "contiguous": c} for s, d, c in seen]
                row = {"range": list(source_range), "kind": kind, "name": name, "tensors": tensors}
                rows.append(row)
        rows.sort(key=lambda row: (row["range"], row["kind"]))
        lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
        head = json.dumps({"torch": torch_version(), "file": file}, ensure_ascii=False)[1:-1]
        return "{\n  " + head + ',\n  "nodes": [\n' + lines + "\n  ]\n}\n"


def torch_version():
    return torch.__version__.split("+")[0]


def describe(tensor):
    """(shape, dtype, contiguous), or None for a tensor that has no size yet, such as a lazy one."""
    try:
        shape = tuple(tensor.shape)
    except (RuntimeError, ValueError):
        return None
    try:
        contiguous = tensor.is_contiguous()
    except RuntimeError:  # nested and sparse tensors
        contiguous = None
    return shape, str(tensor.dtype).removeprefix("torch."), contiguous


def instrument(source, filename, recorder):
    """Compile the source with every node of interest wrapped."""
    tree = ast.parse(source, filename)
    tree = Instrumenter(source, recorder).visit(tree)
    ast.fix_missing_locations(tree)
    return compile(tree, filename, "exec", dont_inherit=True)


class Instrumenter(ast.NodeTransformer):
    def __init__(self, source, recorder):
        self.byte_lines = [line.encode() for line in split_lines(source)]
        self.source = source
        self.recorder = recorder
        self.in_fstring = 0

    # ---- source ranges

    def column(self, line, offset):
        """From a byte offset in a line to a count of characters."""
        return len(self.byte_lines[line - 1][:offset].decode())

    def range_of(self, node):
        start = node.lineno, self.column(node.lineno, node.col_offset)
        return (*start, node.end_lineno, self.column(node.end_lineno, node.end_col_offset))

    def range_is_right(self, node):
        """Before Python 3.12 an expression inside an f-string may have the wrong place."""
        try:
            segment = ast.get_source_segment(self.source, node)
            again = ast.parse(segment.strip(), mode="eval").body
            return bool(segment) and ast.dump(again) == ast.dump(node)
        except (SyntaxError, AttributeError, IndexError):
            return False

    def known(self, node, kind, name):
        if self.in_fstring and not self.range_is_right(node):
            return None
        return self.recorder.add(self.range_of(node), kind, name)

    # ---- hooks

    def hook(self, value, index, like, attribute=None):
        function = ast.Name(HOOK, ast.Load())
        if attribute:
            function = ast.Attribute(function, attribute, ast.Load())
        call = ast.Call(function, [value, ast.Constant(index)], [])
        for part in ast.walk(call):
            if not hasattr(part, "lineno"):
                ast.copy_location(part, like)
        return call

    def wrap(self, node, kind, name):
        """Note the node's value; the node's children are visited first."""
        index = self.known(node, kind, name)
        self.generic_visit(node)
        return node if index is None else self.hook(node, index, node)

    def note_targets(self, target):
        """Statements that note every name that a target binds: of `_, x, _` the last `_`, which is what is left."""
        statements = []
        for name in {name.id: name for name in bound_names(target)}.values():
            index = self.recorder.add(self.range_of(name), "target", name.id)
            load = ast.copy_location(ast.Name(name.id, ast.Load()), name)
            call = self.hook(load, index, name)
            statements.append(ast.copy_location(ast.Expr(call), name))
        return statements

    def parameters(self, arguments):
        """(index, parameter) of those that can be tensors: not *args nor **kwargs."""
        for arg in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            yield self.recorder.add(self.range_of(arg), "parameter", arg.arg), arg

    def visit_arguments(self, node):
        node.defaults = [self.visit(d) for d in node.defaults]
        node.kw_defaults = [d and self.visit(d) for d in node.kw_defaults]
        return node  # annotations stay as they are

    # ---- expressions

    def visit_Call(self, node):
        index = self.known(node, "call", callee_name(node.func))
        # The callee itself is no tensor, but what it is an attribute of may be one.
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        elif not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        node.args = [self.visit(a) for a in node.args]
        node.keywords = [self.visit(k) for k in node.keywords]
        return node if index is None else self.hook(node, index, node)

    def visit_BinOp(self, node):
        return self.wrap(node, "binop", OPERATORS[type(node.op)])

    def visit_Subscript(self, node):
        if isinstance(node.ctx, ast.Load):
            return self.wrap(node, "subscript", None)
        return self.generic_visit(node)

    def visit_Attribute(self, node):
        if isinstance(node.ctx, ast.Load):
            return self.wrap(node, "attribute", node.attr)
        return self.generic_visit(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load) and node.id not in ("super", "__class__"):
            return self.wrap(node, "name", node.id)
        return node

    def visit_NamedExpr(self, node):
        index = self.known(node.target, "target", node.target.id)
        node.value = self.visit(node.value)
        if index is not None:
            node.value = self.hook(node.value, index, node.value)
        return node

    def visit_Lambda(self, node):
        body = node.body
        self.visit_arguments(node.args)
        indexed = [] if self.in_fstring else list(self.parameters(node.args))
        result = self.visit(body)
        if indexed:
            notes = [self.hook(ast.Name(arg.arg, ast.Load()), i, body) for i, arg in indexed]
            both = ast.Tuple([*notes, result], ast.Load())
            result = ast.Subscript(both, ast.Constant(-1), ast.Load())
            for part in (both, result, result.slice):
                ast.copy_location(part, body)
        node.body = result
        return node

    def visit_comprehension(self, node):
        notes = []
        for name in bound_names(node.target):
            index = self.known(name, "target", name.id)
            if index is not None:
                load = ast.copy_location(ast.Name(name.id, ast.Load()), name)
                notes.append(self.hook(load, index, name, "check"))
        self.generic_visit(node)
        node.ifs[:0] = notes
        return node

    def visit_JoinedStr(self, node):
        self.in_fstring += 1
        self.generic_visit(node)
        self.in_fstring -= 1
        return node

    # ---- statements

    def visit_Assign(self, node):
        notes = [note for target in node.targets for note in self.note_targets(target)]
        return [self.generic_visit(node), *notes]

    def visit_AugAssign(self, node):
        notes = self.note_targets(node.target)
        return [self.generic_visit(node), *notes]

    def visit_AnnAssign(self, node):
        if node.value is None:
            return node
        notes = self.note_targets(node.target)
        node.target = self.visit(node.target)
        node.value = self.visit(node.value)
        return [node, *notes]

    def visit_For(self, node):
        notes = self.note_targets(node.target)
        self.generic_visit(node)
        node.body[:0] = notes
        return node

    visit_AsyncFor = visit_For

    def visit_With(self, node):
        targets = [item.optional_vars for item in node.items if item.optional_vars]
        notes = [note for target in targets for note in self.note_targets(target)]
        self.generic_visit(node)
        node.body[:0] = notes
        return node

    visit_AsyncWith = visit_With

    def visit_FunctionDef(self, node):
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        self.visit_arguments(node.args)
        notes = []
        for index, arg in self.parameters(node.args):
            load = ast.copy_location(ast.Name(arg.arg, ast.Load()), arg)
            notes.append(ast.copy_location(ast.Expr(self.hook(load, index, arg)), arg))
        node.body = self.visit_body(node.body, notes)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_body(self, body, first=()):
        """Visit statements; those of `first` go behind the docstring and before the rest."""
        skip = int(has_docstring(body))
        result = body[:skip] + list(first)
        for statement in body[skip:]:
            visited = self.visit(statement)
            result.extend(visited if isinstance(visited, list) else [visited])
        return result

    def visit_match_case(self, node):
        if node.guard:
            node.guard = self.visit(node.guard)
        node.body = self.visit_body(node.body)
        return node  # the pattern stays as it is

    def visit_TypeAlias(self, node):
        return node


def has_docstring(body):
    first = body[0]
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)


def split_lines(source):
    """Lines as Python's tokeniser counts them: form feeds and the like do not end a line."""
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def bound_names(target):
    """Every name that a target binds, from left to right; not those it only reads."""
    if isinstance(target, ast.Name):
        yield copy.copy(target)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from bound_names(element)
    elif isinstance(target, ast.Starred):
        yield from bound_names(target.value)


def callee_name(function):
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None
