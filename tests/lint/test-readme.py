#!/usr/bin/python3
# tests/lint/test-readme.py: the tutorial in README.md is the program that the tests compile; links lead somewhere
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-readme.py SOURCE_ROOT

A fenced block that follows a line with a link to a file of examples/tutorial/ quotes that file, without its leading comment.
"""

import pathlib
import re
import sys

import tap
import tree

TUTORIAL = 'examples/tutorial/'
TUTORIAL_LINES = 60        # of C
QUOTED = ('hello.xml', 'server.c', 'client.c', 'meson.build')
LINK = re.compile(r'\]\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\)')


def without_comment(text):
    """@text without the comment it begins with."""
    text = re.sub(r'\A(<\?xml[^>]*\?>\n)?(/\*.*?\*/|<!--.*?-->|(#[^\n]*\n)+)\n*', '', text, count=1, flags=re.DOTALL)
    return text.rstrip('\n')


def quotations(source):
    """(file of the tutorial, line, text) of each quoting block."""
    name, block, start = None, None, 0
    for number, line in source.lines('README.md'):
        if block is not None:
            if line.startswith('```'):
                yield name, start, '\n'.join(block)
                name, block = None, None
            else:
                block.append(line)
        elif line.startswith('```'):
            if name is not None:
                block, start = [], number
        else:
            for target, _ in LINK.findall(line):
                if target.startswith(TUTORIAL):
                    name = target[len(TUTORIAL):]


def check_quotations(source):
    problems = []
    seen = {}
    for name, line, text in quotations(source):
        seen[name] = len(text.splitlines()) if name.endswith('.c') else 0
        if text != without_comment(source.read(TUTORIAL + name)):
            problems.append(f'README.md:{line}: this is not {TUTORIAL}{name}')
    problems += [f'README.md:1: does not quote {TUTORIAL}{name}' for name in QUOTED if name not in seen]
    if sum(seen.values()) > TUTORIAL_LINES:
        problems.append(f'README.md:1: the tutorial has {sum(seen.values())} lines of C, more than {TUTORIAL_LINES}')
    return problems


def check_links(source):
    problems = []
    known = set(source.paths())
    for path in source.paths('.md'):
        folder = pathlib.PurePosixPath(path).parent
        for number, line in source.lines(path):
            for target, _ in LINK.findall(line):
                goal = str(pathlib.PurePosixPath(folder, target)) if not target.startswith('../') else target[3:]
                if goal not in known and not any(one.startswith(goal.rstrip('/') + '/') for one in known):
                    problems.append(f'{path}:{number}: {target} does not exist')
    return problems


def main():
    source = tree.Tree(sys.argv[1])
    report = tap.Report()
    report.clean('the tutorial is quoted whole', check_quotations(source))
    for name in QUOTED:
        changed = source.with_file(TUTORIAL + name, source.read(TUTORIAL + name) + '\n/* changed */\n')
        report.caught(f'a changed {name}', check_quotations(changed), 'README.md')
    report.clean('links lead somewhere', check_links(source))
    report.caught('a dead link', check_links(source.with_file('doc/bad.md', '[x](nowhere.md)\n')), 'doc/bad.md:1')
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
