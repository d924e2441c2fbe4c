"""Runs the examples of a generated module and prints one JSON line for each.

Started as `python3 -I -S -B driver.py FOLDER`. The limits are set here, before any generated code is read, and
cannot be raised again by it.
"""

import json
import os
import resource
import sys

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))

folder = sys.argv[1]
with open(os.path.join(folder, "examples.json"), encoding="utf-8") as file:
    examples = json.load(file)
sys.path.insert(0, folder)
module = vars(__import__(sys.argv[2]))


def shown(value):
    text = repr(value)
    return text if len(text) <= 2000 else text[:2000] + "..."


for example in examples:
    outcome = {"call": example["call"], "expected": example["expected"]}
    try:
        expected = eval(example["expected"], module)
        outcome["expected"] = shown(expected)
        got = eval(example["call"], module)
        outcome["got"] = shown(got)
        outcome["ok"] = bool(got == expected)
    except Exception as error:
        outcome["got"] = f"{type(error).__name__}: {error}"[:2000]
        outcome["ok"] = False
    print(json.dumps(outcome), flush=True)
print(json.dumps({"done": len(examples)}), flush=True)
