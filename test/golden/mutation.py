"""The one-edit changes that `record_mutants.py` tries: what people get wrong in tensor code.

`edits(source)` yields (kind, offset, old, new), offsets in characters. An edit need not make an
error, nor even a program that runs; the recorder finds out.
"""

import ast
import re

SHAPE_CALLS = {"view", "reshape", "expand", "permute", "repeat", "unflatten"}
DIM_CALLS = {
    "transpose", "unsqueeze", "squeeze", "softmax", "log_softmax", "cat", "stack", "flatten", "sum",
    "mean", "amax", "cumsum", "size", "unbind", "gather", "movedim", "unfold", "argmax", "topk",
    "swapaxes", "index_select", "repeat_interleave", "select", "narrow", "argsort", "norm",
}
DIM_KEYWORDS = {"dim", "dims", "axis", "start_dim", "end_dim", "dim0", "dim1"}
COUNT_CALLS = {"chunk", "split", "tensor_split", "topk"}
DROPPABLE = {
    "transpose", "unsqueeze", "squeeze", "contiguous", "permute", "view", "reshape", "expand", "t",
    "flatten", "repeat", "unflatten", "movedim", "repeat_interleave",
}
PRODUCTS = {"matmul", "bmm", "mm", "dot"}
LAYERS = {"Linear", "LayerNorm", "RMSNorm", "Conv1d", "Conv2d", "MultiheadAttention", "Embedding"}
LAYERS |= {"GroupNorm", "BatchNorm1d", "TransformerEncoderLayer", "TransformerDecoderLayer"}
CREATIONS = {"ones", "zeros", "full", "empty", "randn", "rand", "arange", "eye", "new_zeros", "randint"}
OTHER_TORCH = {"tril", "triu", "outer", "polar", "where", "masked_fill", "baddbmm"}
KNOWN = SHAPE_CALLS | DIM_CALLS | COUNT_CALLS | PRODUCTS | LAYERS | CREATIONS | OTHER_TORCH
PATTERN = re.compile(r"^[\w\s(),.]*->[\w\s().]*$|^[a-z0-9 ()]+$")


class Text:
    """Source text with offsets of nodes in characters."""

    def __init__(self, source):
        self.source = source
        self.starts = [0]
        for line in source.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.lines = [line.encode() for line in source.split("\n")]

    def at(self, line, column):
        return self.starts[line - 1] + len(self.lines[line - 1][:column].decode())

    def start(self, node):
        return self.at(node.lineno, node.col_offset)

    def end(self, node):
        return self.at(node.end_lineno, node.end_col_offset)

    def of(self, node):
        return self.source[self.start(node) : self.end(node)]

    def edit(self, kind, start, end, new):
        return kind, start, self.source[start:end], new

    def replace(self, kind, node, new):
        return self.edit(kind, self.start(node), self.end(node), new)

    def swap(self, kind, first, second):
        between = self.source[self.end(first) : self.start(second)]
        new = self.of(second) + between + self.of(first)
        return self.edit(kind, self.start(first), self.end(second), new)

    def drop(self, kind, items, index):
        """Remove one item of a comma-separated list."""
        if index + 1 < len(items):
            return self.edit(kind, self.start(items[index]), self.start(items[index + 1]), "")
        if index > 0:
            return self.edit(kind, self.end(items[index - 1]), self.end(items[index]), "")
        return self.replace(kind, items[index], "")


def edits(source):
    text = Text(source)
    tree = ast.parse(source)
    for function in walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from wrong_names(text, function)
    for node in walk(tree):
        if isinstance(node, ast.Call):
            yield from call_edits(text, node)
        elif isinstance(node, ast.BinOp):
            yield from operator_edits(text, node)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            yield from subscript_edits(text, node)
        elif isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
            yield text.edit("drop-transpose", text.end(node.value), text.end(node), "")
        elif isinstance(node, ast.Assign):
            yield from assignment_edits(text, node)
        elif isinstance(node, ast.Constant):
            yield from constant_edits(text, node)


def walk(node):
    """Like ast.walk, but without annotations and the inside of f-strings."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns") or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from walk(child)


def callee(node):
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def integer(node):
    """The value of an integer literal, with its sign."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
    return value if type(value) is int else None


def plain(args):
    return [a for a in args if not isinstance(a, (ast.Starred, ast.GeneratorExp))]


def call_edits(text, node):
    name = callee(node)
    args = node.args
    if len(args) == 1 and isinstance(args[0], (ast.List, ast.Tuple)):
        args = args[0].elts
    args = plain(args)
    is_method = isinstance(node.func, ast.Attribute)

    if name in SHAPE_CALLS:
        for i in range(len(args) - 1):
            yield text.swap("swap-shape-args", args[i], args[i + 1])
        for i, arg in enumerate(args):
            yield from resize(text, "shape-arg", arg)
            if len(args) > 1:
                yield text.drop("drop-shape-arg", args, i)
        if args:
            yield text.replace("extra-shape-arg", args[-1], text.of(args[-1]) + ", 1")
    if name in DIM_CALLS:
        keywords = [k.value for k in node.keywords if k.arg in DIM_KEYWORDS]
        for arg in [*args, *keywords]:
            yield from change_dim(text, arg)
    if name == "permute":
        for arg in args:
            yield from change_dim(text, arg)
    if name in COUNT_CALLS and args:
        for arg in args[:2]:
            yield from resize(text, "split-count", arg)
    if is_method and name in DROPPABLE:
        kind = "drop-" + ("transpose" if name in ("transpose", "t", "permute") else name)
        yield text.edit(kind, text.end(node.func.value), text.end(node), "")
    if is_method and name in ("reshape", "flatten"):
        start = text.end(node.func) - len(name)
        if name == "reshape":
            yield text.edit("reshape-to-view", start, text.end(node.func), "view")
    if name in PRODUCTS and len(args) == 2:
        yield text.swap("swap-operands", *args)
    if name in LAYERS:
        sizes = [*args, *(k.value for k in node.keywords)][:3]
        for size in sizes:
            yield from resize(text, "layer-size", size)
        if len(args) > 1:
            yield text.swap("swap-layer-sizes", args[0], args[1])
    if name in CREATIONS:
        for arg in args:
            yield from resize(text, "creation-size", arg)
        if name in ("tril", "triu") and len(args) > 1:
            yield from change_dim(text, args[1])
    for keyword in node.keywords:
        if keyword.arg in ("keepdim", "batch_first") and isinstance(keyword.value, ast.Constant):
            yield text.replace("flag", keyword.value, str(not keyword.value.value))
    if name not in KNOWN:
        for i in range(len(args) - 1):
            yield text.swap("swap-arguments", args[i], args[i + 1])
    if name in ("einsum", "rearrange", "reduce", "repeat", "cat", "stack") and len(args) > 2:
        yield text.swap("swap-arguments", args[1], args[2])


def resize(text, kind, node):
    """A size that is off by one, doubled or halved."""
    value = integer(node)
    if value is not None:
        for new in {value + 1, value - 1, value * 2} - {value}:
            yield text.replace(kind, node, str(new))
    elif isinstance(node, (ast.Name, ast.Attribute, ast.BinOp, ast.Call, ast.Subscript)):
        old = text.of(node)
        if not isinstance(node, ast.BinOp):
            yield text.replace(kind, node, f"{old} + 1")
            yield text.replace(kind, node, f"{old} // 2")
        yield text.replace(kind, node, f"2 * {old}" if not isinstance(node, ast.BinOp) else f"2 * ({old})")


def change_dim(text, node):
    value = integer(node)
    if value is None:
        return
    others = {value + 1, value - 1}
    others |= {-2} if value == -1 else {-1} if value == -2 else set()
    for new in sorted(others):
        yield text.replace("dim", node, str(new))


def operator_edits(text, node):
    if isinstance(node.op, ast.MatMult):
        yield text.swap("swap-operands", node.left, node.right)
        yield text.replace("other-product", node, f"{text.of(node.left)} * {text.of(node.right)}")
    elif isinstance(node.op, (ast.FloorDiv, ast.Mult)):
        yield text.replace("drop-factor", node, text.of(node.left))
    if isinstance(node.op, ast.Mult) and not isinstance(node.left, ast.Constant):
        yield text.replace("other-product", node, f"{text.of(node.left)} @ {text.of(node.right)}")


def subscript_edits(text, node):
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    is_shape = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    yield text.edit("drop-index", text.end(node.value), text.end(node), "")
    for i, part in enumerate(parts):
        if isinstance(part, ast.Slice):
            if part.lower is None and part.upper is None and len(parts) > 1:
                yield text.drop("drop-index-part", parts, i)
            for bound in (part.lower, part.upper):
                if bound is not None:
                    yield from resize(text, "slice-bound", bound)
        elif isinstance(part, ast.Constant) and part.value is None and len(parts) > 1:
            yield text.drop("drop-index-part", parts, i)
            yield text.replace("none-to-slice", part, ":")
        elif (value := integer(part)) is not None:
            for new in (value + 1, value - 1):
                yield text.replace("dim" if is_shape else "index", part, str(new))
            if not is_shape:
                yield text.replace("index", part, ":")
    for i in range(len(parts) - 1):
        yield text.swap("swap-index-parts", parts[i], parts[i + 1])


def assignment_edits(text, node):
    target = node.targets[0]
    if isinstance(target, ast.Tuple) and not isinstance(node.value, ast.Tuple):
        for i in range(len(target.elts)):
            yield text.drop("unpack-count", target.elts, i)
        yield text.replace("unpack-count", target.elts[-1], text.of(target.elts[-1]) + ", extra")
        for i in range(len(target.elts) - 1):
            yield text.swap("swap-unpacked", target.elts[i], target.elts[i + 1])
    if isinstance(target, ast.Name):
        names = {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
        if target.id in names:
            yield text.replace("drop-statement", node, "pass")


def constant_edits(text, node):
    value = node.value
    if type(value) is int and value > 1:
        for new in (value + 1, value - 1, value * 2):
            yield text.replace("size", node, str(new))
    if isinstance(value, str) and PATTERN.match(value) and ("->" in value):
        yield from pattern_edits(text, node)


def pattern_edits(text, node):
    """Change, drop and swap the letters of an einsum or einops pattern."""
    start, quoted = text.start(node), text.of(node)
    letters = [i for i, c in enumerate(quoted) if c.isalpha()]
    for position, i in enumerate(letters):
        other = letters[(position + 1) % len(letters)]
        if quoted[other] != quoted[i]:
            yield text.edit("pattern-letter", start + i, start + i + 1, quoted[other])
        yield text.edit("pattern-drop", start + i, start + i + 1, "")
    for i, j in zip(letters, letters[1:]):
        if quoted[i] != quoted[j]:
            new = quoted[j] + quoted[i + 1 : j] + quoted[i]
            yield text.edit("pattern-swap", start + i, start + j + 1, new)


def wrong_names(text, function):
    """Put a neighbouring tensor's name for another in products and sums: k for v, x for y."""
    names = [a.arg for a in function.args.args if a.arg != "self"]
    names += [n.id for n in walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        return
    for node in walk(function):
        if isinstance(node, ast.BinOp):
            operands = [node.left, node.right]
        elif isinstance(node, ast.Call):
            operands = node.args
        else:
            continue
        for operand in operands:
            if isinstance(operand, ast.Name) and operand.id in names:
                new = names[(names.index(operand.id) + 1) % len(names)]
                yield text.replace("wrong-name", operand, new)
