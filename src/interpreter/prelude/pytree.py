"""torch.utils._pytree: nested lists, tuples and dicts whose leaves are mapped over."""


class TreeSpec:
    def __init__(self, tree):
        self._tree = tree


def _children(tree):
    """The parts of a node, or None for a leaf."""
    if isinstance(tree, dict):
        return list(tree.values())
    return list(tree) if isinstance(tree, (list, tuple)) else None


def _with_children(tree, children):
    if isinstance(tree, dict):
        return dict(zip(tree.keys(), children))
    if isinstance(tree, list):
        return children
    return type(tree)(*children) if hasattr(tree, '_fields') else tuple(children)


def tree_map(func, tree, *rests, is_leaf=None):
    children = None if is_leaf is not None and is_leaf(tree) else _children(tree)
    if children is None:
        return func(tree, *rests)
    others = [_children(rest) for rest in rests]
    mapped = [
        tree_map(func, child, *[other[i] for other in others], is_leaf=is_leaf) for i, child in enumerate(children)
    ]
    return _with_children(tree, mapped)


def tree_map_only(kind, func, tree, is_leaf=None):
    return tree_map(lambda leaf: func(leaf) if isinstance(leaf, kind) else leaf, tree, is_leaf=is_leaf)


def tree_leaves(tree, is_leaf=None):
    leaves = []
    tree_map(leaves.append, tree, is_leaf=is_leaf)
    return leaves


def tree_flatten(tree, is_leaf=None):
    return tree_leaves(tree, is_leaf), TreeSpec(tree)


def tree_unflatten(leaves, treespec):
    remaining = list(leaves)
    return tree_map(lambda _: remaining.pop(0), treespec._tree)
