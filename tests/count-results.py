#!/usr/bin/python3
# tests/count-results.py: counts the test cases of finished `meson test` runs
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: count-results.py BUILDDIR… [--broken NAME…]

Reads BUILDDIR/meson-logs/testlog.json. A TAP program counts by its test points; what its plan promised and it did not
report has failed, and so has a program that crashed, timed out or bailed out. Any other program counts as one case.
Each NAME is a build that failed: one failure. The last line printed is "N passed, N failed, N skipped".
"""

import argparse
import json
import pathlib
import re
import sys

POINT = re.compile(r'^(not )?ok\b(?P<rest>.*)$')
PLAN = re.compile(r'^1\.\.(\d+)')
SKIP = re.compile(r'#\s*skip\b', re.IGNORECASE)


def count_tap(output):
    """Passed, failed, skipped, and the number planned (None if no plan was printed)."""
    passed = failed = skipped = 0
    planned = None
    for line in output.splitlines():
        point, plan = POINT.match(line), PLAN.match(line)
        if plan:
            planned = int(plan.group(1))
        elif point:
            if SKIP.search(point.group('rest')):
                skipped += 1
            elif point.group(1):
                failed += 1
            else:
                passed += 1
    return passed, failed, skipped, planned


def count_program(entry):
    """Passed, failed, skipped of one line of testlog.json."""
    result = entry['result']
    passed, failed, skipped, planned = count_tap(entry.get('stdout') or '')
    points = passed + failed + skipped
    if points == 0 and planned is None:
        if result == 'SKIP':
            return 0, 0, 1
        return (1, 0, 0) if result in ('OK', 'EXPECTEDFAIL') else (0, 1, 0)
    if planned is None:
        failed += 1                                 # it died before the plan
    elif planned > points:
        failed += planned - points
    if result not in ('OK', 'SKIP') and failed == 0:
        failed = 1                                  # every point passed, and then it crashed
    return passed, failed, skipped


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('builds', nargs='*', type=pathlib.Path)
    parser.add_argument('--broken', nargs='*', default=[])
    arguments = parser.parse_args()

    passed = failed = skipped = 0
    print()
    for name in arguments.broken:
        failed += 1
        print(f'failed: build {name}')
    for build in arguments.builds:
        log = build / 'meson-logs' / 'testlog.json'
        if not log.exists():
            if build.name not in arguments.broken:
                failed += 1
                print(f'failed: {build.name} left no test log')
            continue
        for line in log.read_text(encoding='utf-8').splitlines():
            entry = json.loads(line)
            counts = count_program(entry)
            passed, failed, skipped = passed + counts[0], failed + counts[1], skipped + counts[2]
            if counts[1] > 0:
                print(f'failed: {build.name}: {entry["name"]}: {counts[1]}')
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 1 if failed > 0 or passed == 0 else 0


if __name__ == '__main__':
    sys.exit(main())
