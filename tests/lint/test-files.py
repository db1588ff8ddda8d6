#!/usr/bin/python3
# tests/lint/test-files.py: how a file begins, and what it must not contain
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-files.py SOURCE_ROOT"""

import re
import sys

import tap
import tree

LICENCE = 'SPDX-License-Identifier: LGPL-2.1-or-later'
LEFT_BEHIND = re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b')
VAGUE = re.compile(r'(^|[-/_])(utils?|misc|common|helpers?)\.[ch]$')


def check_beginnings(source):
    """Line 1 "path: what it is", line 2 the licence, in every C file and script."""
    problems = []
    for path in source.paths('.c', '.h', '.py', '.sh'):
        lines = source.read(path).splitlines()
        if lines and lines[0].startswith('#!'):
            lines = lines[1:]
        comment = '/* ' if path.endswith(('.c', '.h')) else '# '
        if not lines or not lines[0].startswith(f'{comment}{path}: '):
            problems.append(f'{path}:1: does not begin with "{comment}{path}: …"')
        elif len(lines) < 2 or LICENCE not in lines[1]:
            problems.append(f'{path}:2: lacks "{LICENCE}"')
    return problems


def check_headers(source):
    return [f'{path}:1: lacks #pragma once' for path in source.paths('.h')
            if not re.search(r'^#pragma once$', source.read(path), re.MULTILINE)]


def check_names(source):
    return [f'{path}:1: one file owns one noun; this name says none' for path in source.paths('.c', '.h') if VAGUE.search(path)]


def check_left_behind(source):
    problems = []
    for path in source.paths('.c', '.h', '.py', '.js', '.xml', '.md', '.sh', 'meson.build'):
        for number, line in source.lines(path):
            if LEFT_BEHIND.search(line):
                problems.append(f'{path}:{number}: {line.strip()}')
    return problems


def main():
    source = tree.Tree(sys.argv[1])
    report = tap.Report()
    report.clean('files say what they are', check_beginnings(source))
    report.caught('another path', check_beginnings(source.with_file('rmi/bad.c', f'/* rmi/b.c: x\n * {LICENCE}\n */\n')), 'rmi/bad.c:1')
    report.caught('no licence', check_beginnings(source.with_file('rmi/bad.h', '/* rmi/bad.h: x\n */\n')), 'rmi/bad.h:2')
    report.caught('a script without', check_beginnings(source.with_file('tests/bad.py', '#!/usr/bin/python3\n')), 'tests/bad.py:1')
    report.clean('headers are included once', check_headers(source))
    report.caught('no #pragma once', check_headers(source.with_file('rmi/bad.h', 'int x;\n')), 'rmi/bad.h:1')
    report.clean('files are named after nouns', check_names(source))
    report.caught('a file called utils', check_names(source.with_file('rmi/rmi-utils.c', '')), 'rmi/rmi-utils.c')
    report.clean('nothing was left for later', check_left_behind(source))
    report.caught('a note', check_left_behind(source.with_file('rmi/bad.c', '\n/* TO' 'DO: this */\n')), 'rmi/bad.c:2')
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
