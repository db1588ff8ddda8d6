#!/usr/bin/python3
# tests/lint/test-public-headers.py: each public header compiles alone, in C and in C++
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-public-headers.py SOURCE_ROOT"""

import subprocess
import sys

import tap
import tree

COMPILERS = {
    'C': ['gcc', '-x', 'c', '-std=c99'],
    'C++': ['g++', '-x', 'c++', '-std=c++11'],
}
WARNINGS = ['-fsyntax-only', '-Wall', '-Wextra', '-Werror', '-Wno-unused-function']


def dependency_flags():
    output = subprocess.run(['pkg-config', '--cflags', 'gio-2.0', 'json-glib-1.0'], check=True, capture_output=True, text=True)
    return output.stdout.split()


def compile_text(language, text, flags):
    """The compiler's complaints about @text."""
    command = COMPILERS[language] + WARNINGS + flags + ['-']
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return result.stderr.splitlines() if result.returncode != 0 else []


def main():
    source = tree.Tree(sys.argv[1])
    flags = ['-I', str(source.root)] + dependency_flags()
    report = tap.Report()
    for language in COMPILERS:
        for path in source.public_headers():
            report.clean(f'{path} in {language}', compile_text(language, f'#include <{path}>\n', flags))
        report.caught(f'an undeclared type in {language}', compile_text(language, 'RmiReader *x;\n', flags), '<stdin>:1')
    report.caught('a C++ keyword', compile_text('C++', 'void f (int class);\n', flags), '<stdin>:1')
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
