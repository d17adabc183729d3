#!/bin/sh
# Makes the virtual environment of the real counterparts (scripts/requirements*.txt) in FOLDER, once
# per list, and prints its Python. Exit code 2: PyPI could not be reached or lacks something.
#
#   scripts/python-environment.sh FOLDER
set -eu

folder=$1
scripts=$(cd "$(dirname "$0")" && pwd)
list=$scripts/requirements.txt
plain=$scripts/requirements-plain.txt
stamp=$folder/.requirements

if cat "$list" "$plain" | cmp -s - "$stamp"; then
  printf '%s\n' "$folder/bin/python"
  exit 0
fi
printf 'askew: installing PyTorch, transformers and PEFT into %s\n' "$folder" >&2
python3 -m venv "$folder" || exit 2
pip() { "$folder/bin/python" -m pip install --quiet --retries 2 --disable-pip-version-check "$@" >&2; }

torch=$(sed -n 's/^torch==//p' "$list")
# The CPU build is a tenth of the size where the index has it.
if [ "$(uname -s)" = Linux ]; then
  pip "torch==$torch+cpu" 2>/dev/null || true
fi
pip -r "$list" || exit 2
pip --no-deps -r "$plain" || exit 2
cat "$list" "$plain" >"$stamp"
printf '%s\n' "$folder/bin/python"
