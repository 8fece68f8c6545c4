#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sarif_shape FILE -- hold a document against what SARIF 2.1.0 asks of the objects that are used.

For each object the names that the standard knows there and those it needs. Prints what is wrong.
"""
import json
import re
import sys

# object: (needed, others that are used), from sections 3.13 to 3.58 of the standard
SHAPES = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool", "results"}, {"invocations", "artifacts", "properties"}),
    "driver": ({"name"}, {"version", "rules"}),
    "rule": ({"id"}, {"shortDescription", "helpUri"}),
    "result": ({"message", "ruleId", "level"}, {"ruleIndex", "locations", "properties"}),
    "artifact": ({"location", "roles"}, {"length", "properties"}),
    "invocation": ({"executionSuccessful"}, {"exitCode", "toolExecutionNotifications"}),
    "notification": ({"message", "level"}, {"descriptor", "locations"}),
    "message": ({"text"}, set()),
}
LEVELS = {"note", "warning", "error"}


class Shape:
    def __init__(self):
        self.wrong = []

    def of(self, kind, o):
        needed, others = SHAPES[kind]
        if needed - o.keys():
            self.wrong.append(f"{kind} lacks {needed - o.keys()}")
        if o.keys() - needed - others:
            self.wrong.append(f"{kind} has {o.keys() - needed - others}")
        if "message" in o:
            self.of("message", o["message"])
            self.message(o["message"]["text"])
        if o.get("level", "note") not in LEVELS:
            self.wrong.append(f"{kind} has level {o['level']}")

    def message(self, text):
        if re.search(r"(?<!\{)(\{\{)*\{(?!\{)", text) or re.search(r"(?<!\\)\]\(", text):
            self.wrong.append(f"a message has an argument or a link: {text}")

    def place(self, run, o):
        for location in o.get("locations", []):
            at = location["physicalLocation"]["artifactLocation"]
            if run["artifacts"][at["index"]]["location"]["uri"] != at["uri"]:
                self.wrong.append(f"no artifact is {at}")


def check(document):
    s = Shape()
    s.of("log", document)
    run, = document["runs"]
    s.of("run", run)
    driver = run["tool"]["driver"]
    s.of("driver", driver)
    for rule in driver["rules"]:
        s.of("rule", rule)
    for artifact in run["artifacts"]:
        s.of("artifact", artifact)
    for result in run["results"]:
        s.of("result", result)
        s.place(run, result)
        if "ruleIndex" in result and driver["rules"][result["ruleIndex"]]["id"] != result["ruleId"]:
            s.wrong.append(f"rule {result['ruleIndex']} is not {result['ruleId']}")
    for invocation in run["invocations"]:
        s.of("invocation", invocation)
        for notification in invocation["toolExecutionNotifications"]:
            s.of("notification", notification)
            s.place(run, notification)
    return s.wrong


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        wrong = check(json.load(f))
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
