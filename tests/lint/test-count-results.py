#!/usr/bin/python3
# tests/lint/test-count-results.py: what ./check counts
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-count-results.py SOURCE_ROOT"""

import json
import pathlib
import subprocess
import sys
import tempfile

import tap

# what the programs reported → what is counted, and whether that is a success
RUNS = {
    'two points pass': ([('OK', 'ok 1 /a\nok 2 /b # slow\n1..2\n')], '2 passed, 0 failed, 0 skipped', True),
    'one fails': ([('FAIL', 'ok 1 /a\nnot ok 2 /b\n1..2\n')], '1 passed, 1 failed, 0 skipped', False),
    'one is skipped': ([('OK', 'ok 1 /a # SKIP no gjs\nok 2 /b\n1..2\n')], '1 passed, 0 failed, 1 skipped', True),
    'a program dies half-way': ([('ERROR', '1..3\nok 1 /a\n')], '1 passed, 2 failed, 0 skipped', False),
    'a program dies before its plan': ([('ERROR', 'ok 1 /a\n')], '1 passed, 1 failed, 0 skipped', False),
    'a program crashes at exit': ([('ERROR', 'ok 1 /a\n1..1\n')], '1 passed, 1 failed, 0 skipped', False),
    'a program says nothing': ([('TIMEOUT', '')], '0 passed, 1 failed, 0 skipped', False),
    'a program without TAP': ([('OK', ''), ('OK', 'hello\n')], '2 passed, 0 failed, 0 skipped', True),
    'nothing ran': ([], '0 passed, 0 failed, 0 skipped', False),
}


def count(source_root, entries, broken=()):
    """The last line and the exit status of count-results.py for a build whose tests reported @entries."""
    with tempfile.TemporaryDirectory() as build:
        log = pathlib.Path(build, 'meson-logs', 'testlog.json')
        log.parent.mkdir()
        log.write_text(''.join(json.dumps({'name': 'x', 'result': result, 'stdout': output}) + '\n' for result, output in entries))
        done = subprocess.run([sys.executable, pathlib.Path(source_root, 'tests', 'count-results.py'), build, '--broken', *broken],
                              capture_output=True, text=True, check=False)
        return done.stdout.splitlines()[-1], done.returncode


def main():
    report = tap.Report()
    for name, (entries, line, is_success) in RUNS.items():
        got = count(sys.argv[1], entries)
        report.clean(name, [] if got == (line, 0 if is_success else 1) else [f'{got}'])
    got = count(sys.argv[1], RUNS['two points pass'][0], ['plain'])
    report.clean('a build is broken', [] if got == ('2 passed, 1 failed, 0 skipped', 1) else [f'{got}'])
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
