#!/bin/sh
# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

# Runs tox from a virtual environment of this repository's own, .venv/.
# Without arguments it runs the tests. PYTHON names the interpreter to use,
# where the first one that fits is not the one that is wanted.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
venv=$here/.venv
requirement='tox>=4.20'
missing=''

lacks() {
    missing="$missing
  - $1"
}

fits() {
    # A name on PATH proves nothing: pyenv puts names there for interpreters
    # that it then refuses to start.
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1
}

find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if fits "$candidate"; then
            command -v -- "$candidate"
            return
        fi
    done
}

python=$(find_python)
if [ -z "$python" ]; then
    lacks 'Python 3.11 or later (Debian: apt-get install python3 python3-venv;
    another one than the first python3 in PATH: PYTHON=/path/to/python3)'
elif ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    lacks "the modules venv and ensurepip of $python
    (Debian: apt-get install python3-venv)"
fi
command -v git >/dev/null 2>&1 ||
    lacks 'git (Debian: apt-get install git)'
command -v gpg >/dev/null 2>&1 ||
    lacks 'GnuPG, the program gpg (Debian: apt-get install gnupg)'
if [ -n "$missing" ]; then
    printf 'tools/tox.sh: this is missing:%s\n' "$missing" >&2
    exit 2
fi
# pbr takes the version from git. A checkout of another user is refused by
# git, which says so better than the traceback of a build would.
if ! git -C "$here" rev-parse HEAD >/dev/null; then
    printf 'tools/tox.sh: git cannot read the repository in %s\n' \
        "$here" >&2
    exit 2
fi

if ! fits "$venv/bin/python" ||
    ! "$venv/bin/python" -c 'import tox' >/dev/null 2>&1; then
    rm -rf -- "$venv"
    "$python" -m venv -- "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        "$requirement" >&2
fi

cd -- "$here"
if [ $# -eq 0 ]; then
    set -- -e py3
fi
exec "$venv/bin/python" -m tox "$@"
