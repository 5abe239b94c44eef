"""Compile-time inlining of template macros.

A macro call costs several microseconds, an import of macros in a partial many more; a page of fifty posts makes hundreds.
A call of a macro named in `INLINED` is therefore replaced by the macro's body when a template is compiled: arguments
take the place of parameters, and branches that constant arguments decide are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from itertools import count
from typing import TypeVar

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

LIBRARY = "shared/things.html"
INLINED = {"icon", "avatar", "author_avatar", "when", "badge", "byline", "kind"}
_numbers = count()
Node = TypeVar("Node", bound=nodes.Node)


def inline(tree: nodes.Template, name: str | None, environment: Environment) -> nodes.Template:
    """Return `tree` with the calls of inlined macros replaced; the macro library itself is returned as it is."""
    if name == LIBRARY or environment.auto_reload:  # while developing, a change in the library shows at once
        return tree
    imports = [node for node in tree.find_all(nodes.FromImport) if _is_library(node)]
    known = {local: macro for node in imports for local, macro in _names(node) if macro in INLINED}
    if not known:
        return tree
    tree.set_environment(environment)
    stored = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    macros = _library(environment)
    calls = {local: macros[macro] for local, macro in known.items() if local not in stored}
    inlined = _Inliner(calls, macros).visit(tree)
    inlined.set_environment(environment)
    if inlined.find(nodes.Include) is None:  # an included template sees what is imported here
        _drop_unused(inlined)
    return _Joiner().visit(inlined)  # type: ignore[no-any-return]


def _is_library(node: nodes.FromImport) -> bool:
    return isinstance(node.template, nodes.Const) and node.template.value == LIBRARY


def _names(node: nodes.FromImport) -> Iterator[tuple[str, str]]:
    """Return the pairs of local name and macro name of an import."""
    for name in node.names:
        yield (name[1], name[0]) if isinstance(name, tuple) else (name, name)


@lru_cache(maxsize=4)
def _library(environment: Environment) -> dict[str, nodes.Macro]:
    """Return the macros of the library by name, and under each other name that the library gives them."""
    assert environment.loader is not None
    source, filename, _fresh = environment.loader.get_source(environment, LIBRARY)
    tree = environment._parse(source, LIBRARY, filename)
    tree.set_environment(environment)
    macros = {node.name: node for node in tree.find_all(nodes.Macro)}
    for node in tree.find_all(nodes.Assign):
        if isinstance(node.target, nodes.Name) and isinstance(node.node, nodes.Name) and node.node.name in macros:
            macros[node.target.name] = macros[node.node.name]
    return macros


def _drop_unused(tree: nodes.Template) -> None:
    """Remove imports from the library whose names are used nowhere, and with them the work at run time."""
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    for node in tree.find_all(nodes.FromImport):
        if _is_library(node):
            local = dict(_names(node))
            node.names = [(macro, name) for name, macro in local.items() if name in used]
    tree.body = [node for node in tree.body if not isinstance(node, nodes.FromImport) or node.names]


class _Inliner(NodeTransformer):
    """Replaces what a template prints of `calls` by the bodies of the macros."""

    def __init__(self, calls: dict[str, nodes.Macro], library: dict[str, nodes.Macro]):
        self.calls, self.library = calls, library

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:
        """Return the pieces of an output, with macro bodies between them."""
        pieces: list[nodes.Node] = []
        for part in node.nodes:
            made = self._printed(part)
            if made is not None:
                pieces += made
            elif pieces and isinstance(pieces[-1], nodes.Output):
                pieces[-1].nodes.append(part)
            else:
                pieces.append(nodes.Output([part], lineno=node.lineno))
        return pieces

    def _printed(self, part: nodes.Expr) -> list[nodes.Node] | None:
        """Return what prints `part` without a call, or None when it is no call of an inlined macro."""
        if isinstance(part, nodes.CondExpr):
            chosen = self._printed(part.expr1)
            other = self._printed(part.expr2) if part.expr2 else []
            if chosen is None or other is None:
                return None
            return [nodes.If(part.test, chosen, [], other, lineno=part.lineno)]
        if not isinstance(part, nodes.Call) or not isinstance(part.node, nodes.Name):
            return None
        macro = self.calls.get(part.node.name)
        arguments = _arguments(part, macro) if macro else None
        return self._body(macro, arguments) if macro and arguments is not None else None

    def _body(self, macro: nodes.Macro, arguments: dict[str, nodes.Expr]) -> list[nodes.Node]:
        """Return the body of `macro` with `arguments` in the place of its parameters."""
        bound = {}
        for name, value in arguments.items():
            if not _is_simple(value):
                bound[f"_{name}_{next(_numbers)}"] = name
        stand_ins: dict[str, nodes.Expr] = {name: nodes.Name(new, "load") for new, name in bound.items()}
        body = nodes.Scope([_copy(node) for node in macro.body])
        body = _Filler(arguments | stand_ins).visit(body)
        inner = {name: other for name, other in self.library.items() if name not in arguments}
        body = _Inliner(inner, self.library).visit(body)
        if not bound:
            return body.body  # type: ignore[no-any-return]
        targets = [nodes.Name(new, "param") for new in bound]
        return [nodes.With(targets, [arguments[name] for name in bound.values()], body.body)]


def _arguments(call: nodes.Call, macro: nodes.Macro) -> dict[str, nodes.Expr] | None:
    """Return the argument of each parameter, or None when the call cannot be read before it runs."""
    names = [parameter.name for parameter in macro.args]
    if call.dyn_args or call.dyn_kwargs or len(call.args) > len(names):
        return None
    defaults = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
    given = dict(zip(names, call.args, strict=False)) | {pair.key: pair.value for pair in call.kwargs}
    arguments = defaults | given
    return arguments if set(arguments) == set(names) else None


def _is_simple(value: nodes.Expr) -> bool:
    """Return whether it is cheap to compute `value` again: a constant, a name or an attribute of a name."""
    if isinstance(value, nodes.Getattr):
        return _is_simple(value.node)
    if isinstance(value, nodes.MarkSafeIfAutoescape):
        return _is_simple(value.expr)
    return isinstance(value, nodes.Const | nodes.Name)


def _copy(node: Node) -> Node:
    """Return a deep copy of `node` that shares its environment."""
    return deepcopy(node, {id(node.environment): node.environment})


class _Filler(NodeTransformer):
    """Puts arguments in the place of parameters and drops branches that they decide."""

    def __init__(self, arguments: dict[str, nodes.Expr]):
        self.arguments = arguments

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        """Return the argument of a parameter."""
        return _copy(self.arguments[node.name]) if node.ctx == "load" and node.name in self.arguments else node

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:
        """Return the branch that is decided, or the `if` when it depends on the page."""
        others, node.elif_ = node.elif_, []
        for branch in (node, *others):
            self.generic_visit(branch)
        branches: list[tuple[nodes.Expr, list[nodes.Node]]] = [(node.test, node.body)]  # type: ignore[list-item]
        branches += [(other.test, other.body) for other in others]  # type: ignore[misc]
        open_: list[tuple[nodes.Expr, list[nodes.Node]]] = []
        rest = node.else_
        for test, body in branches:
            try:
                decided = bool(test.as_const())
            except nodes.Impossible:
                open_.append((test, body))
                continue
            if decided:
                rest = body
                break
        if not open_:
            return rest
        elif_ = [nodes.If(test, body, [], [], lineno=node.lineno) for test, body in open_[1:]]
        return nodes.If(*open_[0], elif_, rest, lineno=node.lineno)


class _Joiner(NodeTransformer):
    """Joins neighbouring outputs, which are written in one piece."""

    def generic_visit(self, node: nodes.Node, *args: object, **kwargs: object) -> nodes.Node:
        """Join the outputs in each list of statements below `node`."""
        super().generic_visit(node, *args, **kwargs)
        for field in ("body", "else_"):
            statements = getattr(node, field, None)
            if not isinstance(statements, list):
                continue
            joined: list[nodes.Node] = []
            for statement in statements:
                last = joined[-1] if joined else None
                if isinstance(last, nodes.Output) and isinstance(statement, nodes.Output):
                    last.nodes += statement.nodes
                else:
                    joined.append(statement)
            setattr(node, field, joined)
        return node
