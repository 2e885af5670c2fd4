#!/bin/sh
# Writes constraints.txt: the exact version of every package in .venv, chosen by us or not.
{
    echo "# Every package with its exact version, so that two installations are alike: \`make pins\`."
    .venv/bin/python -m pip freeze --exclude-editable | sort -f
} >constraints.txt
