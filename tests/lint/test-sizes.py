#!/usr/bin/python3
# tests/lint/test-sizes.py: how long a file and a function may be
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-sizes.py SOURCE_ROOT"""

import re
import sys

import tap
import tree

FILE_LINES = 700
FUNCTION_LINES = 60
CLASS_INIT_LINES = 90
MESON_LINES = 120
SIGNATURE = re.compile(r'^(\w+) \(')


def check_files(source):
    problems = []
    for path in source.paths('.c', '.h', '.py', '.js', '.sh', '.xml', 'meson.build'):
        limit = MESON_LINES if path.endswith('meson.build') else FILE_LINES
        length = len(source.read(path).splitlines())
        if length > limit:
            problems.append(f'{path}:{limit + 1}: {length} lines, more than {limit}')
    return problems


def functions(source, path):
    """(name, first line, number of lines from brace to brace) of each function: GNU style, braces in column 0."""
    name, start = None, 0
    for number, line in source.lines(path):
        match = SIGNATURE.match(line)
        if match and start == 0:
            name = match.group(1)
        elif line.startswith('{') and name is not None:
            start = number
        elif line.startswith('}'):
            if start > 0:
                yield name, start, number - start + 1
            name, start = None, 0


def check_functions(source):
    problems = []
    for path in source.paths('.c'):
        for name, start, length in functions(source, path):
            limit = CLASS_INIT_LINES if name.endswith('_class_init') else FUNCTION_LINES
            if length > limit:
                problems.append(f'{path}:{start}: {name} has {length} lines, more than {limit}')
    return problems


def function_text(name, body_lines):
    return f'static void\n{name} (int a,\n{" " * len(name)}  int b)\n{{\n' + '  a = b;\n' * body_lines + '}\n'


def main():
    source = tree.Tree(sys.argv[1])
    report = tap.Report()
    report.clean('files are short', check_files(source))
    report.caught('a long file', check_files(source.with_file('rmi/bad.c', 'int x;\n' * 701)), 'rmi/bad.c:701')
    report.caught('a long meson.build', check_files(source.with_file('rmi/meson.build', '#\n' * 121)), 'rmi/meson.build')
    report.clean('functions are short', check_functions(source))
    report.clean('58 lines in braces will do',
                 [problem for problem in check_functions(source.with_file('rmi/good.c', function_text('good', 58)))
                  if problem.startswith('rmi/good.c')])
    report.caught('a long function', check_functions(source.with_file('rmi/bad.c', function_text('bad', 59))), 'rmi/bad.c:4')
    report.caught('a long class_init',
                  check_functions(source.with_file('rmi/bad.c', function_text('bad_class_init', 89))), 'rmi/bad.c:4')
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
