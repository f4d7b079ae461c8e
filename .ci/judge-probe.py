#!/usr/bin/env python3
"""Judges the JSON lines of a probe: every check must hold but those that left-out-checks.txt names for it."""
import json
import sys


def left_out(path, probe):
    names = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.strip()
            if line and not line.startswith("#"):
                which, name, reason = (part.strip() for part in line.split("|", 2))
                if which == probe:
                    names[name] = reason
    return names


def matches(pattern, name):
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def main():
    probe, results, listed = sys.argv[1], sys.argv[2], left_out(sys.argv[3], sys.argv[1])
    passed = failed = skipped = 0
    summary = False
    used = set()
    with open(results, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("{"):
                continue
            check = json.loads(line)
            name, ok = check.get("check", ""), check.get("ok")
            if name == "summary":
                summary = True
                continue
            known = next((p for p in listed if matches(p, name)), None)
            if ok is True:
                passed += 1
            elif ok is None:
                skipped += 1
            elif known:
                used.add(known)
                skipped += 1
                print(f"{probe}: left out: {name}: {listed[known]}")
            else:
                failed += 1
                print(f"{probe}: FAILED: {line.strip()[:2000]}")
    for name in listed:
        if name not in used:
            failed += 1
            print(f"{probe}: FAILED: '{name}' is on the list of left-out checks, but did not fail: take it off")
    if not summary or passed == 0:
        failed += 1
        print(f"{probe}: FAILED: the probe did not come to its end")
    print(f"{probe}: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


sys.exit(main())
