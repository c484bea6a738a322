"""The floors of the house, read from the imports: who may know whom."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = {"pages", "api", "sockets", "cli", "outlets", "headers", "watching"}
FLOORS = [
    {
        "config",
        "errors",
        "clock",
        "extensions",
        "blocking",
        "bodies",
        "fetching",
        "logs",
        "media",
        "metrics",
        "payments",
        "reporting",
        "scanning",
        "scrubbing",
        "serving",
        "fair_socket",
        "socket_manager",
        "storage",
    },
    {"models"},
    {"services"},
    {"presenters", "schemas"},
    TOP,
]
MAY_NAME_EVENTLET = {
    "wsgi",
    "lumina.blocking",
    "lumina.serving.handover",
    "lumina.serving.protocol",
    "lumina.socket_manager",
}
WEB = {"flask", "flask_login", "flask_wtf", "wtforms", "jinja2", "flask_socketio", "socketio", "engineio"}
KNOW_NO_WEB = {"services": WEB, "models": WEB - {"flask_login"}}


@dataclass(frozen=True)
class Import:
    """One module's import of another; what stands under TYPE_CHECKING is no import at run time."""

    importer: str
    target: str
    line: int
    in_function: bool
    typing_only: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.target}"


def find_violations(root: Path) -> list[str]:
    """Everything in root/lumina and root/wsgi.py that breaks a rule, one sentence each."""
    modules = {_module_name(root, path): path for path in _sources(root)}
    trees = {name: ast.parse(path.read_text(), str(path)) for name, path in modules.items()}
    imports = [found for name in modules for found in _imports(name, modules, trees[name])]
    return [
        *(sentence for found in imports for sentence in _judge(found)),
        *(
            f"{name} stands on no floor"
            for name in modules
            if name.startswith("lumina.") and _floor(name) < 0
        ),
        *(f"{name} names eventlet" for name, tree in trees.items() if _names_eventlet(name, tree)),
        *_circles(imports),
    ]


def _sources(root: Path) -> list[Path]:
    return sorted([*(root / "lumina").rglob("*.py"), *root.glob("wsgi.py")])


def _module_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(name: str, modules: dict[str, Path], tree: ast.Module) -> Iterator[Import]:
    """The imports of one module, names from packages resolved to the modules that they are."""

    def walk(node: ast.AST, in_function: bool, typing_only: bool) -> Iterator[Import]:
        for target in _targets(name, modules, node):
            yield Import(name, target, getattr(node, "lineno", 0), in_function, typing_only)
        in_function = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        typing_only = typing_only or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for child in ast.iter_child_nodes(node):
            yield from walk(child, in_function, typing_only)

    return walk(tree, in_function=False, typing_only=False)


def _targets(name: str, modules: dict[str, Path], node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        package = name if modules[name].name == "__init__.py" else name.rpartition(".")[0]
        ancestor = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
        base = f"{ancestor}.{base}" if base else ancestor
    full = (f"{base}.{alias.name}" for alias in node.names)
    return sorted({target if target in modules else base for target in full})


def _room(module: str) -> str:
    """The part of the house that a module belongs to: `services` for lumina.services.messages."""
    parts = module.split(".")
    return parts[1] if parts[0] == "lumina" and len(parts) > 1 else ""


def _floor(module: str) -> int:
    return next((level for level, rooms in enumerate(FLOORS) if _room(module) in rooms), -1)


def _judge(found: Import) -> Iterator[str]:
    importer, target = _room(found.importer), _room(found.target)
    if found.in_function:
        yield f"{found}, inside a function"
    if found.target.split(".")[0] in KNOW_NO_WEB.get(importer, ()):
        yield f"{found}: {importer} know nothing of the web"
    if not importer or found.target.split(".")[0] != "lumina":
        return
    if not target:
        yield f"{found}: only wsgi.py knows the whole house"
    elif _floor(found.target) > _floor(found.importer):
        yield f"{found}, upward"
    elif importer in TOP and target in TOP and importer != target:
        yield f"{found}, sideways in the top row"


def _names_eventlet(name: str, tree: ast.Module) -> bool:
    words = (word for node in ast.walk(tree) for word in _words(node))
    return name not in MAY_NAME_EVENTLET and any(word.split(".")[0] == "eventlet" for word in words)


def _words(node: ast.AST) -> list[str]:
    """What a node names: modules, variables, and texts such as a module's name for importlib."""
    match node:
        case ast.Import(names=aliases):
            return [alias.name for alias in aliases]
        case ast.ImportFrom(module=str(module)):
            return [module]
        case ast.Name(id=word) | ast.Constant(value=str(word)):
            return [word]
    return []


def _circles(imports: list[Import]) -> Iterator[str]:
    """Circles of imports within a floor, each told once."""
    graph: dict[str, set[str]] = {}
    for found in imports:
        if not found.typing_only and _floor(found.importer) == _floor(found.target) >= 0:
            graph.setdefault(found.importer, set()).add(found.target)
    told: set[str] = set()
    for start in sorted(graph):
        reached = _reachable(graph, start)
        if start in reached and start not in told:
            circle = {start} | {other for other in reached if start in _reachable(graph, other)}
            told |= circle
            yield f"a circle of imports: {', '.join(sorted(circle))}"


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting.extend(graph.get(module, ()))
    return reached
