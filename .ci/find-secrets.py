#!/usr/bin/env python3
"""Looks for secrets in logs: those that tests and networks gave out, and whatever has the form of a token or a private key.

find-secrets.py [--issued GLOB] [--store FOLDER] [--keys FOLDER] [--secret TEXT] LOG...

Fails when a log tells one, saying where but not what, and when it found no secret to look for or no log to look into.
"""
import argparse
import glob
import pathlib
import re
import sys

FORMS = [
    ("a signed token", re.compile(rb"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}")),
    ("a private key", re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
]
# Entities are stored as CBOR: the text "token", then a text of 36 bytes; "hash" and "salt", then a short or a one-byte length.
STORED = [
    re.compile(rb"etoken\x78\x24([0-9a-fA-F-]{36})"),
    re.compile(rb"dhash(?:\x78.|[\x68-\x77])([A-Za-z0-9+/=]{16,})"),
]
SHORTEST = 8


def issued(pattern):
    for name in glob.glob(pattern):
        for line in pathlib.Path(name).read_bytes().splitlines():
            if len(line) >= SHORTEST:
                yield line


def stored(folder):
    for file in pathlib.Path(folder).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for form in STORED:
                yield from form.findall(content)


def keys(folder):
    """Every line of a private key file."""
    for file in pathlib.Path(folder).rglob("*"):
        if not file.is_file() or file.stat().st_size > 1 << 20:
            continue
        content = file.read_bytes().replace(b"\\n", b"\n")
        for block in re.findall(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END", content, re.S):
            yield from (line for line in block.split() if len(line) >= 32)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--issued", action="append", default=[])
    parser.add_argument("--store", action="append", default=[])
    parser.add_argument("--keys", action="append", default=[])
    parser.add_argument("--secret", action="append", default=[])
    parser.add_argument("logs", nargs="+")
    args = parser.parse_args()
    known = {secret.encode() for secret in args.secret}
    for kind, source in ((args.issued, issued), (args.store, stored), (args.keys, keys)):
        for where in kind:
            found = set(source(where))
            if not found:
                sys.exit(f"no secret was found in {where}: there is nothing to look for")
            known |= found
    logs = [name for pattern in args.logs for name in glob.glob(pattern)]
    if not logs:
        sys.exit(f"no log is there: {args.logs}")
    anything = re.compile(b"|".join(re.escape(secret) for secret in sorted(known)))
    told = 0
    for name in logs:
        with open(name, "rb") as log:
            for number, line in enumerate(log, 1):
                forms = [what for what, form in FORMS if form.search(line)]
                if forms or anything.search(line):
                    told += 1
                    print(f"{name}:{number} tells {forms[0] if forms else 'a secret that was given out'}")
    print(f"{len(known)} secrets, {len(logs)} logs, {told} lines that tell one")
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
