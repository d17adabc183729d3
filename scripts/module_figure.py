#!/usr/bin/env python3
"""Draws the modules of Package.swift into docs/architecture.md, as Mermaid that GitHub shows.

    scripts/module_figure.py           writes the figure between the page's marks
    scripts/module_figure.py --check   fails where the page's figure is not that of Package.swift

An arrow points from a module to one that it uses. Arrows that follow from others are left out.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/architecture.md"
MARKS = ("<!-- modules: made by scripts/module_figure.py -->", "<!-- end of modules -->")


def modules():
    """The dependencies of each module of Sources, by name."""
    text = (ROOT / "Package.swift").read_text()
    found = {}
    for match in re.finditer(r"\.(?:target|executableTarget)\(\s*name: \"(\w[\w-]*)\"", text):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        body = text[match.end():end]
        if (ROOT / "Sources" / match[1]).is_dir():
            listed = re.search(r"dependencies: \[(.*?)\]", body, re.S)
            names = re.findall(r"\"(\w+)\"", listed[1]) if listed else []
            found[match[1]] = {n for n in names if (ROOT / "Sources" / n).is_dir()}
    return found


def reach(graph, start):
    seen, left = set(), list(graph[start])
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += graph[name]
    return seen


def figure():
    graph = modules()
    for name in graph:
        if name in reach(graph, name):
            sys.exit(f"scripts/module_figure.py: {name} depends on itself")
    lines = ["```mermaid", "graph TD"]
    for name in sorted(graph):
        implied = set().union(set(), *(reach(graph, other) for other in graph[name]))
        lines += [f"  {name} --> {other}" for other in sorted(graph[name] - implied)]
        if not graph[name]:
            lines.append(f"  {name}")
    return "\n".join(lines + ["```"])


def main():
    page = PAGE.read_text()
    start, end = page.index(MARKS[0]) + len(MARKS[0]), page.index(MARKS[1])
    made = f"{page[:start]}\n{figure()}\n{page[end:]}"
    if "--check" in sys.argv[1:]:
        if made != page:
            sys.exit("docs/architecture.md: its figure is not that of Package.swift; "
                     "scripts/module_figure.py makes it")
        return
    PAGE.write_text(made)


main()
