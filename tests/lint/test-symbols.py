#!/usr/bin/python3
# tests/lint/test-symbols.py: the library exports what its headers promise, and every promise is documented
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-symbols.py SOURCE_ROOT LIBRARY NM"""

import re
import subprocess
import sys

import tap
import tree

MARK = 'RMI_AVAILABLE_IN_1_0'
DECLARE = re.compile(r'G_DECLARE_\w+ \((\w+), (\w+),')
PROTOTYPE = re.compile(r'(\w+)\s*\(')
COMMENT = re.compile(r'/\*\*\n \* (\w+):?(?: \([^\n]*)?\n(.*?)\*/', re.DOTALL)   # signals and properties are Type::name
TYPEDEF = re.compile(r'^typedef (?:struct|enum)\b[^;{]*(?:\{[^}]*\}\s*)?(\w+);', re.MULTILINE)


def promised(source):
    """symbol → (path, line, type) for each declaration after MARK; type is set for get_type functions of G_DECLARE_…"""
    symbols = {}
    for path in source.public_headers():
        lines = source.read(path).splitlines()
        for number, line in enumerate(lines, start=1):
            if line.strip() != MARK or number >= len(lines):
                continue
            declaration = lines[number]
            declare = DECLARE.match(declaration)
            if declare:
                symbols[declare.group(2) + '_get_type'] = (path, number + 1, declare.group(1))
            else:
                symbols[PROTOTYPE.search(declaration).group(1)] = (path, number + 1, None)
    return symbols


def exported(library, nm):
    output = subprocess.run([nm, '--dynamic', '--defined-only', library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split('@')[0] for line in output.splitlines()}


def needed(library, nm):
    """What it calls of others."""
    output = subprocess.run([nm, '--dynamic', '--undefined-only', library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split('@')[0] for line in output.splitlines()}


def check_needed(found):
    """Typelibs are the business of rmi-gi, a library of its own."""
    return [f'{name} is of libgirepository' for name in sorted(found)
            if name.startswith(('g_irepository_', 'g_base_info_', 'g_function_info_', 'g_object_info_'))]


def check_symbols(symbols, found):
    problems = [f'{symbols[name][0]}:{symbols[name][1]}: {name} is declared but not exported'
                for name in sorted(set(symbols) - found)]
    problems += [f'{name} is exported but not declared after {MARK}' for name in sorted(found - set(symbols))]
    return problems


def check_marks(source):
    """Every prototype of a public header is marked."""
    problems = []
    prototype = re.compile(r'^(?!static|typedef|struct|#|\s|/)[\w* ]*?\b(rmi_\w+)\s*\(')
    for path in source.public_headers():
        previous = ''
        for number, line in source.lines(path):
            match = prototype.match(line)
            if (match or DECLARE.match(line)) and previous.strip() != MARK:
                problems.append(f'{path}:{number}: lacks {MARK}')
            previous = line
    return problems


def documented(source):
    """name → comment of each gtk-doc block in the rooms."""
    blocks = {}
    for path in source.paths('.c', '.h'):
        if path.split('/')[0] in tree.ROOMS:
            for match in COMMENT.finditer(source.read(path)):
                blocks[match.group(1)] = match.group(2)
    return blocks


def check_documentation(source):
    problems = []
    blocks = documented(source)

    def need(name, where):
        if name not in blocks:
            problems.append(f'{where}: {name} is not documented')
        elif not re.search(r'^ \* Since: 1\.0$', blocks[name], re.MULTILINE):
            problems.append(f'{where}: the documentation of {name} lacks "Since: 1.0"')

    for name, (path, line, type_name) in promised(source).items():
        if type_name is not None:
            need(type_name, f'{path}:{line}')
        elif not name.endswith('_get_type'):
            need(name, f'{path}:{line}')
    for path in source.public_headers():
        for match in TYPEDEF.finditer(source.read(path)):
            if match.group(1).startswith('Rmi'):
                need(match.group(1), path)
    return problems


def main():
    source = tree.Tree(sys.argv[1])
    symbols = promised(source)
    found = exported(sys.argv[2], sys.argv[3])
    some = sorted(symbols)[0]
    report = tap.Report()

    report.clean('exported is what is declared', check_symbols(symbols, found))
    report.caught('a symbol too many', check_symbols(symbols, found | {'rmi_secret'}), 'rmi_secret')
    report.caught('a symbol missing', check_symbols(symbols, found - {some}), symbols[some][0])
    calls = needed(sys.argv[2], sys.argv[3])
    report.clean('libgirepository is not needed', check_needed(calls))
    report.caught('a typelib', check_needed(calls | {'g_irepository_require'}), 'g_irepository_require')
    report.clean('every prototype is marked', check_marks(source))
    report.caught('an unmarked prototype', check_marks(source.with_file('rmi/bad.h', 'char *rmi_bad (void);\n')), 'rmi/bad.h:1')

    header = f'{MARK}\nvoid rmi_bad (void);\n'
    report.clean('everything public is documented', check_documentation(source))
    report.caught('no documentation', check_documentation(source.with_file('rmi/bad.h', header)), 'rmi/bad.h:2')
    report.caught('no Since', check_documentation(source.with_file('rmi/bad.h', '/**\n * rmi_bad:\n *\n * Does.\n */\n' + header)),
                  'rmi/bad.h:7')
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
