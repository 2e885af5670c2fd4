#!/bin/sh
# Makes .venv and installs what the named requirements files ask for, unless that is done already.
#   sh deploy/venv.sh requirements.txt [requirements-test.txt ...]
# PYTHON names the interpreter; without it the first suitable one is taken.
set -u

fail() {
    printf 'Lectern: %s\n' "$1" >&2
    exit 1
}

is_usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_usable "$PYTHON" && echo "$PYTHON" && return
    else
        # python3 when it is new enough, else the newest that all packages have wheels for.
        for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do
            is_usable "$candidate" && echo "$candidate" && return
        done
    fi
    found=$("${PYTHON:-python3}" --version 2>&1) || found="none (${PYTHON:-python3} does not run)"
    fail "Python 3.11 or newer is needed, found: $found. Install one, or name it: make run PYTHON=/path/to/python3.12"
}

make_venv() {
    python=$(find_python) || exit 1
    [ -w . ] || fail "cannot write to $(pwd): give yourself the right to, or clone Lectern to a folder of your own."
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail "$python cannot make virtual environments: \
install its venv module (Debian, Ubuntu: apt-get install $("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')), \
or name another interpreter: make run PYTHON=/path/to/python3.12"
    echo "Making a virtual environment with $("$python" --version) …"
    rm -rf .venv
    "$python" -m venv .venv || fail "the virtual environment could not be made (see above)."
}

is_usable .venv/bin/python || make_venv

for file in "$@"; do
    stamp=".venv/.installed-$file"
    wanted=$(cat "$file" requirements-production.txt constraints.txt | cksum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && continue
    echo "Installing $file (once; about a minute) …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$file" ||
        fail "$file could not be installed (see above): check the network and run the command again."
    echo "$wanted" >"$stamp"
done
