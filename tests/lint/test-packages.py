#!/usr/bin/python3
# tests/lint/test-packages.py: ./packages lists what is used, and nothing else
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-packages.py SOURCE_ROOT

Used are the dependencies and programs of the meson files, and the tools that the scripts call (TOOLS). Which package each
is of, dpkg tells.
"""

import pathlib
import re
import shutil
import subprocess
import sys

import tap
import tree

DEPENDENCY = re.compile(r"dependency \('([^']+)'")
PROGRAM = re.compile(r"find_program \('([^']+)'")
# What scripts and tests of this project may call beyond the packages every Debian has.
TOOLS = ('awk', 'g++', 'g-ir-scanner', 'gcc', 'gjs', 'jq', 'meson', 'ninja', 'nm', 'pkg-config', 'python3', 'socat', 'strace', 'valgrind', 'xmllint')
OURS = ('rmi-codegen', 'rmi-glib-1.0')
# Used without being named: ninja by meson, GIR files and Python's gi by what is generated and tested, locales by localedef.
IMPLIED = {'ninja-build', 'libgirepository1.0-dev', 'gobject-introspection', 'python3-gi', 'locales'}
# Every Debian has them.
ESSENTIAL = {'libc-bin'}


def listed(source):
    """package → line of ./packages"""
    packages = {}
    for number, line in source.lines('packages'):
        words = line.split('#')[0].split()
        if words and not words[0].startswith('['):
            packages[words[0]] = number
    return packages


def scripts(source):
    """Files that call tools, this one apart."""
    return [path for path in source.paths()
            if path in ('check', 'demo', 'setup', '.ci/run') or path.endswith(('.sh', 'meson.build'))
            or path.startswith('tests/') and path.endswith('.py') and path != 'tests/lint/test-packages.py']


def used(source):
    """(what, path:line, file on this machine) of everything used."""
    for path in scripts(source):
        for number, line in source.lines(path):
            where = f'{path}:{number}'
            code = line.split(' #')[0]
            if path.endswith('meson.build'):
                for name in DEPENDENCY.findall(code):
                    if name not in OURS:
                        yield name, where, pkg_config_file(name)
                for name in PROGRAM.findall(code):
                    if name not in OURS and '.' not in name:
                        yield name, where, shutil.which(name, path='/usr/bin:/bin')
            for name in TOOLS:
                if re.search(rf'(?<![\w/.-]){re.escape(name)}(?![\w.+-])', code):
                    yield name, where, shutil.which(name, path='/usr/bin:/bin')


def pkg_config_file(name):
    found = subprocess.run(['pkg-config', '--variable=pcfiledir', name], capture_output=True, text=True, check=False)
    return str(pathlib.Path(found.stdout.strip()) / f'{name}.pc') if found.returncode == 0 else None


def owner(file, cache):
    """The packages that may have brought @file: of itself, and of what it links to."""
    if file not in cache:
        names = {file, str(pathlib.Path(file).resolve())}
        output = subprocess.run(['dpkg-query', '--search', *names], capture_output=True, text=True, check=False).stdout
        cache[file] = {line.split(':')[0] for line in output.splitlines()}
    return cache[file]


def check_listed(source, cache):
    problems = []
    packages = listed(source)
    for name, where, file in used(source):
        if file is None:
            problems.append(f'{where}: {name} is not installed')
            continue
        owners = owner(file, cache)
        # gcc and python3 are links of small packages to files of large ones: either will do
        if owners & ESSENTIAL:
            continue
        if not owners & set(packages) and not any(one.startswith(package) for one in owners for package in packages):
            problems.append(f'{where}: {name} is of {", ".join(sorted(owners)) or "no package"}, which ./packages does not list')
    return problems


def check_needed(source, cache):
    needed = set(IMPLIED)
    for _, _, file in used(source):
        if file is not None:
            needed |= owner(file, cache)
    return [f'packages:{line}: nothing uses {package}' for package, line in listed(source).items()
            if not any(one.startswith(package) for one in needed)]


def main():
    source = tree.Tree(sys.argv[1])
    text = source.read('packages')
    cache = {}
    report = tap.Report()
    report.clean('what is used is listed', check_listed(source, cache))
    report.caught('an unlisted library', check_listed(source.with_file('packages', text.replace('libexpat1-dev', '#')), cache),
                  'meson.build')
    report.caught('an unlisted tool', check_listed(source.with_file('packages', text.replace('binutils', '#')), cache),
                  'tests/lint/meson.build')
    report.caught('an unknown dependency',
                  check_listed(source.with_file('rmi/meson.build', "dependency ('no-such-thing')\n"), cache), 'rmi/meson.build:1')
    report.clean('what is listed is used', check_needed(source, cache))
    report.caught('a package nobody uses', check_needed(source.with_file('packages', text + 'cowsay\n'), cache), 'packages')
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
