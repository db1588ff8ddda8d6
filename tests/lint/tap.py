# tests/lint/tap.py: test points for lint tests
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A lint is a function from a tree to a list of problems, "path:line: what". It is tested both ways: it finds nothing in
this tree, and it finds what is wrong in a mutated copy."""

import sys


class Report:
    """Prints TAP."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def _point(self, ok, name, details):
        self.count += 1
        if not ok:
            self.failed += 1
        print(f'{"ok" if ok else "not ok"} {self.count} {name}')
        for line in details:
            print(f'# {line}')

    def clean(self, name, problems):
        """@problems must be empty."""
        self._point(not problems, name, problems)

    def caught(self, name, problems, where):
        """@problems must name @where: the lint can fail."""
        found = any(problem.startswith(where) for problem in problems)
        self._point(found, f'{name}: caught', [] if found else [f'nothing was said of {where}'] + problems)

    def finish(self):
        print(f'1..{self.count}')
        sys.stdout.flush()
        return 1 if self.failed else 0
