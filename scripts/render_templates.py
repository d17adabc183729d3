"""Renders chat templates as `transformers` does, for comparison with Askew's own renderer.

Reads {"jobs": [{"template", "variables"}]} from standard input and
prints {"results": [...]}: for each job {"text", "generated": [[start, end] in UTF-8 bytes]}, or
{"error", "raised": whether the template called raise_exception}. `strftime_now` always takes NOW.

With the argument `--list` it prints {"templates": [{"name", "source"}]}: the templates of many model
families that TRL ships. They are read where pip installed them and never copied.
"""

import datetime
import importlib.util
import json
import pathlib
import sys

import jinja2
from transformers.utils import chat_template_utils

NOW = datetime.datetime(2026, 3, 7, 14, 5, 9)


def compiled(source):
    template = chat_template_utils._compile_jinja_template(source)
    template.environment.globals["strftime_now"] = lambda form: NOW.strftime(form)
    return template


def render(source, variables):
    """The text and the spans of generation blocks, as offsets in UTF-8."""
    template = compiled(source)
    blocks, spans = [], []
    with template.environment.activate_tracker(blocks, spans):
        for block in template.generate(**variables):
            blocks.append(block)
    text = "".join(blocks)

    def offset(index):
        return len(text[:index].encode())

    return text, [[offset(start), offset(end)] for start, end in spans]


def result(source, variables):
    try:
        text, spans = render(source, variables)
    except jinja2.exceptions.TemplateError as error:
        # raise_exception raises the base class itself.
        return {"error": str(error), "raised": type(error) is jinja2.exceptions.TemplateError}
    except Exception as error:  # whatever Python's own operators raise
        return {"error": f"{type(error).__name__}: {error}", "raised": False}
    return {"text": text, "generated": spans}


def shipped():
    """TRL's templates, without importing TRL and what it depends on."""
    package = importlib.util.find_spec("trl")
    folder = pathlib.Path(package.origin).parent if package else pathlib.Path("trl")
    files = sorted((folder / "chat_templates").glob("*.jinja"))
    return [{"name": file.name, "source": file.read_text()} for file in files]


def main():
    if sys.argv[1:] == ["--list"]:
        json.dump({"templates": shipped()}, sys.stdout)
        return
    results = []
    for job in json.load(sys.stdin)["jobs"]:
        results.append(result(job["template"], job["variables"]))
    json.dump({"results": results}, sys.stdout)


if __name__ == "__main__":
    main()
