#!/usr/bin/python3
# tests/lint/test-packages.py: ./packages lists what is used, and nothing else
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-packages.py SOURCE_ROOT

Used are the dependencies and programs of the meson files, and the tools that the scripts call (TOOLS). Which package each
is of, dpkg tells. Of npm's packages, used is what a test loads, and all lists of them say the same.
"""

import json
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
TOOLS = ('awk', 'clang', 'g++', 'g-ir-scanner', 'gcc', 'gjs', 'jq', 'meson', 'ninja', 'nm', 'npm', 'pkg-config', 'python3',
         'socat', 'strace', 'valgrind', 'xmllint')
OURS = ('rmi-codegen', 'rmi-glib-1.0')
# Used without being named: ninja by meson, GIR files and Python's gi by what is generated and tested, locales by localedef,
# libFuzzer by clang.
IMPLIED = {'libclang-rt-14-dev', 'ninja-build', 'libgirepository1.0-dev', 'gobject-introspection', 'python3-gi', 'locales'}
# Every Debian has them.
ESSENTIAL = {'libc-bin'}

CLIENTS = 'tests/clients/'
LOADED = re.compile(r"""\bload\('([^'/]+)""")


def listed(source, npm=False):
    """package → line of ./packages; Debian's or npm's"""
    packages = {}
    section = None
    for number, line in source.lines('packages'):
        words = line.split('#')[0].split()
        if words and words[0].startswith('['):
            section = words[0]
        elif words and (section == '[npm]') == npm:
            packages[words[0]] = number
    return packages


def scripts(source):
    """Files that call tools, this one apart."""
    return [path for path in source.paths()
            if path in ('check', 'demo', 'setup', '.ci/run', 'fuzz/run') or path.endswith(('.sh', 'meson.build'))
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
        names |= {name.removeprefix('/usr') for name in names}     # where packages say it is that are older than the merger
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
    for name, _, file in used(source):
        if file is not None:
            needed |= owner(file, cache) | {name}       # a program may be of another package than its name says: ./setup
    return [f'packages:{line}: nothing uses {package}' for package, line in listed(source).items()
            if not any(one.startswith(package) for one in needed)]


def check_npm(source):
    """./packages, package.json and the lock agree, and name what the tests load."""
    packages = listed(source, npm=True)
    wanted = dict(package.rsplit('@', 1) for package in packages)
    lock = json.loads(source.read(CLIENTS + 'package-lock.json'))['packages']
    locked = {name: lock.get(f'node_modules/{name}', {}).get('version') for name in wanted}
    loaded = {name for path in source.paths('.js') for name in LOADED.findall(source.read(path))}
    lists = {
        'package.json': json.loads(source.read(CLIENTS + 'package.json'))['dependencies'],
        'package-lock.json': lock['']['dependencies'],
    }
    problems = [f'{CLIENTS}{name}:1: {found} is not what ./packages lists' for name, found in lists.items() if found != wanted]
    problems += [f'{CLIENTS}package-lock.json:1: has {name} {version}, not {wanted[name]}'
                 for name, version in locked.items() if version != wanted[name]]
    problems += [f'{CLIENTS}package-lock.json:1: {path} has no integrity' for path, one in lock.items()
                 if path and 'integrity' not in one]
    problems += [f'packages:{line}: nothing loads {package}' for package, line in packages.items()
                 if package.rsplit('@', 1)[0] not in loaded]
    return problems + [f'packages:1: does not list {name}' for name in loaded - set(wanted)]


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
    report.caught('a package nobody uses', check_needed(source.with_file('packages', text + '[check]\ncowsay\n'), cache), 'packages')
    report.clean("npm's are listed, locked and loaded", check_npm(source))
    report.caught('another version', check_npm(source.with_file('packages', text.replace('jayson@4', 'jayson@5'))),
                  CLIENTS + 'package.json')
    report.caught('a package nobody loads', check_npm(source.with_file('packages', text + 'left-pad@1.3.0\n')), 'packages')
    report.caught('a package that is loaded and not listed',
                  check_npm(source.with_file(CLIENTS + 'test-bad.js', "const pad = load('left-pad');\n")), 'packages:1')
    report.caught('an unlocked package', check_npm(source.with_file(CLIENTS + 'package-lock.json', source.read(
        CLIENTS + 'package-lock.json').replace('"integrity"', '"nothing"', 1))), CLIENTS + 'package-lock.json')
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
