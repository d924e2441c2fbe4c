"""Runs the examples of a generated module and prints one JSON line for each.

Started as `python3 -I -S -B driver.py FOLDER TESTS MIB SECONDS`. The limits are set here, before any generated code
is read, and cannot be raised again by it. An example counts as passed when its unit test passes; what it gave is
worked out once more to be shown.
"""

import json
import os
import resource
import sys
import unittest

folder, tests, mib, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
for limit, most in (
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_AS, mib << 20),
    (resource.RLIMIT_CPU, seconds),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_NOFILE, 32),
    (resource.RLIMIT_NPROC, 0),
):
    resource.setrlimit(limit, (most, most))
# Numbers are shown in full however long they are; reports cut them.
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)

# Lines for the parent go where no generated code writes.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

LONGEST = 2000


def shown(value):
    text = repr(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def problem(error):
    return f"{type(error).__name__}: {error}"[:LONGEST]


def passes(test):
    outcome = unittest.TestResult()
    case(test).run(outcome)
    return outcome.wasSuccessful() and outcome.testsRun == 1


with open(os.path.join(folder, "examples.json"), encoding="utf-8") as file:
    examples = json.load(file)
sys.path.insert(0, folder)
module = __import__(tests)
case = module.Examples

for example in examples:
    outcome = {"call": example["call"], "expected": example["expected"], "ok": False}
    names = dict(vars(module))
    try:
        exec(example["setup"], names)
        outcome["expected"] = shown(eval(example["expected"], names))
    except Exception as error:
        outcome["expected"] = problem(error)
    try:
        outcome["got"] = shown(eval(example["call"], names))
        outcome["ok"] = passes(example["test"])
    except Exception as error:
        outcome["got"] = problem(error)
    print(json.dumps(outcome), file=answers, flush=True)
print(json.dumps({"done": len(examples)}), file=answers, flush=True)
