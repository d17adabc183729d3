"""Writes a manual page of every command into a folder, from what the binary says of itself.

    python3 scripts/manual_pages.py BINARY FOLDER
"""

import itertools
import json
import pathlib
import subprocess
import sys


def escaped(text):
    """Text that roff takes for text."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def name_text(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def value_text(argument):
    return f"<{argument['valueName']}>" if argument["kind"] != "flag" else ""


def usage(argument):
    """The argument as it stands in the synopsis."""
    if argument["kind"] == "positional":
        text = value_text(argument)
    else:
        text = f"{name_text(argument['preferredName'])} {value_text(argument)}".strip()
    text += " ..." if argument["isRepeating"] else ""
    return f"[{text}]" if argument["isOptional"] else text


def explanation(argument):
    text = argument.get("abstract", "")
    notes = []
    if argument.get("allValues"):
        notes.append("values: " + ", ".join(argument["allValues"]))
    if argument.get("defaultValue"):
        notes.append("default: " + argument["defaultValue"])
    return f"{text} ({'; '.join(notes)})".strip() if notes else text


def entry(argument):
    if argument["kind"] == "positional":
        term = value_text(argument)
    else:
        names = ", ".join(map(name_text, argument["names"]))
        term = f"{names} {value_text(argument)}".strip()
    return [".TP", f".B {escaped(term)}", escaped(explanation(argument))]


def shown(things):
    return [thing for thing in things or [] if thing.get("shouldDisplay", True)]


def page(command, path, version):
    """The page of one command, in the macros of man(7)."""
    name = "-".join(path)
    arguments = shown(command.get("arguments"))
    subcommands = [c for c in shown(command.get("subcommands")) if c["commandName"] != "help"]
    synopsis = [usage(a) for a in arguments] + (["<subcommand>"] if subcommands else [])
    lines = [
        f'.TH {escaped(name.upper())} 1 "" "askew {escaped(version)}" "Askew"',
        ".nh",
        ".ad l",
        ".SH NAME",
        f"{escaped(name)} \\- {escaped(command['abstract'].rstrip('.'))}",
        ".SH SYNOPSIS",
        f".B {escaped(' '.join(path))}",
        escaped(" ".join(synopsis)),
    ]
    if command.get("discussion"):
        lines += [".SH DESCRIPTION", escaped(command["discussion"]).replace("\n\n", "\n.PP\n")]
    if subcommands:
        lines.append(".SH COMMANDS")
        for child in subcommands:
            child_name = escaped("-".join([*path, child["commandName"]]))
            lines += [".TP", f".BR {child_name} (1)", escaped(child["abstract"])]
    # Positional ones first, then each group of options under its title.
    sections = [
        (a.get("sectionTitle") or ("arguments" if a["kind"] == "positional" else "options"), a)
        for a in arguments
    ]
    order = list(dict.fromkeys(["arguments", "options"] + [title for title, _ in sections]))
    sections.sort(key=lambda section: order.index(section[0]))
    for title, group in itertools.groupby(sections, key=lambda section: section[0]):
        lines.append(f".SH {title.upper()}")
        for _, argument in group:
            lines += entry(argument)
    if len(path) > 1:
        lines += [".SH SEE ALSO", f".BR {escaped('-'.join(path[:-1]))} (1)"]
    return "\n".join(lines) + "\n"


def write(command, path, version, folder):
    path = [*path, command["commandName"]]
    (folder / f"{'-'.join(path)}.1").write_text(page(command, path, version), encoding="utf-8")
    for child in command.get("subcommands") or []:
        if child["commandName"] != "help":
            write(child, path, version, folder)


def main():
    binary, folder = sys.argv[1], pathlib.Path(sys.argv[2])

    def output(option):
        return subprocess.run([binary, option], check=True, capture_output=True, text=True).stdout

    folder.mkdir(parents=True, exist_ok=True)
    tool = json.loads(output("--experimental-dump-help"))
    write(tool["command"], [], output("--version").strip(), folder)


if __name__ == "__main__":
    main()
