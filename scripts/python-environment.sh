#!/bin/sh
# Makes the virtual environment of real counterparts in FOLDER, once per LIST of packages, and prints
# its Python. What LIST-plain names is installed without what it depends on. Exit code 2: PyPI could
# not be reached or lacks something.
#
#   scripts/python-environment.sh FOLDER [LIST]      LIST: requirements (the default), requirements-mlx
set -eu

folder=$1
scripts=$(cd "$(dirname "$0")" && pwd)
name=${2:-requirements}
list=$scripts/$name.txt
plain=$scripts/$name-plain.txt
[ -e "$plain" ] || plain=/dev/null
stamp=$folder/.requirements

if cat "$list" "$plain" | cmp -s - "$stamp"; then
  printf '%s\n' "$folder/bin/python"
  exit 0
fi
printf 'askew: installing what scripts/%s.txt names into %s\n' "$name" "$folder" >&2
python3 -m venv "$folder" || exit 2
pip() { "$folder/bin/python" -m pip install --quiet --retries 2 --disable-pip-version-check "$@" >&2; }

torch=$(sed -n 's/^torch==//p' "$list")
# The CPU build is a tenth of the size where the index has it.
if [ -n "$torch" ] && [ "$(uname -s)" = Linux ]; then
  pip "torch==$torch+cpu" 2>/dev/null || true
fi
pip -r "$list" || exit 2
if [ "$plain" != /dev/null ]; then pip --no-deps -r "$plain" || exit 2; fi
cat "$list" "$plain" >"$stamp"
printf '%s\n' "$folder/bin/python"
