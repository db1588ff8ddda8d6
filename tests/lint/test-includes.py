#!/usr/bin/python3
# tests/lint/test-includes.py: which room may include what
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-includes.py SOURCE_ROOT

  rmi ← stubs, skeletons ← node ← naming ← tools, examples, bench

An arrow points from what is included to who includes it, transitively. stubs and skeletons never meet.
"""

import re
import sys

import tap
import tree

BELOW = {
    'rmi': (),
    'stubs': ('rmi',),
    'skeletons': ('rmi',),
    'node': ('rmi', 'stubs', 'skeletons'),
    'naming': ('rmi', 'stubs', 'skeletons', 'node'),
    'rmi-glib': tree.ROOMS,
}
USERS = ('tools', 'examples', 'bench')
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def includes(source, path):
    for number, line in source.lines(path):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == '"', match.group(2)


def folder_of(path):
    return path.rsplit('/', 1)[0]


def check_room_include(path, quoted, target):
    """What is wrong with @target in a file of a room, or None."""
    room = path.split('/')[0]
    target_room = target.split('/')[0] if '/' in target else None
    if quoted and target == 'config.h':
        return None
    if not quoted:
        if target_room in tree.ROOMS + ('rmi-glib',) + USERS:
            return f'<{target}> is ours: write "{target}"'
        return None
    if target_room is None:
        return f'"{target}" lacks its folder'
    if target_room == 'rmi-glib' and room != 'rmi-glib':
        return f'{room} includes the umbrella header "{target}"'
    if target_room != room and target_room not in BELOW[room]:
        return f'{room} must not include "{target}"'
    if target.endswith('-private.h') and folder_of(target) != folder_of(path):
        return f'"{target}" is private to its folder'
    return None


def check_user_include(path, quoted, target):
    """The same for tools, examples and bench, which are users of the library; tools may look into the core."""
    top = path.split('/')[0]
    target_top = target.split('/')[0] if '/' in target else None
    if not quoted or target == 'config.h' or target_top in (top, None):
        if target.endswith('-private.h') and target_top is not None and folder_of(target) != folder_of(path):
            return f'"{target}" is private to its folder'
        if top == 'tools' and quoted and target_top is None and target != 'config.h':
            return f'"{target}" lacks its folder'
        if not quoted and target_top in tree.ROOMS:
            return f'<{target}> is no header for users: include <rmi-glib/rmi-glib.h>'
        return None
    if top == 'tools' and target_top == 'rmi' and not target.endswith('-private.h'):
        return None
    return f'{top} must not include "{target}": it is a user of <rmi-glib/rmi-glib.h>'


def check_directions(source):
    problems = []
    for path in source.paths('.c', '.h'):
        top = path.split('/')[0]
        if top in BELOW:
            check = check_room_include
        elif top in USERS:
            check = check_user_include
        else:
            continue
        for number, quoted, target in includes(source, path):
            problem = check(path, quoted, target)
            if problem:
                problems.append(f'{path}:{number}: {problem}')
    return problems


def check_config_first(source):
    problems = []
    for path in source.paths('.c'):
        if path.split('/')[0] not in tree.ROOMS + ('tools',):
            continue
        first = next(includes(source, path), None)
        if first is not None and first[1:] != (True, 'config.h'):
            problems.append(f'{path}:{first[0]}: "config.h" comes first')
    return problems


def main():
    source = tree.Tree(sys.argv[1])
    report = tap.Report()
    report.clean('includes go down', check_directions(source))
    for path, line in (
            ('rmi/bad.c', '#include "node/rmi-node.h"'),
            ('rmi/bad.h', '#include "stubs/rmi-stub.h"'),
            ('stubs/bad.c', '#include "skeletons/rmi-skeleton.h"'),
            ('skeletons/bad.c', '#include "stubs/rmi-stub.h"'),
            ('node/bad.c', '#include "naming/rmi-naming.h"'),
            ('node/bad.c', '#include "rmi/rmi-scanner-private.h"'),
            ('node/bad.c', '#include "rmi-node.h"'),
            ('node/bad.c', '#include <rmi/rmi-types.h>'),
            ('naming/bad.c', '#include "tools/grmi-private.h"'),
            ('naming/bad.c', '#include "rmi-glib/rmi-glib.h"'),
            ('tools/bad.c', '#include "node/rmi-node.h"'),
            ('tools/bad.c', '#include "rmi/rmi-types-private.h"'),
            ('tools/bad.c', '#include "codegen.h"'),
            ('examples/bad.c', '#include "rmi/rmi-reader-internal.h"'),
            ('bench/bad.c', '#include <rmi/rmi-types.h>'),
    ):
        report.caught(f'{path.split("/", maxsplit=1)[0]} with {line}',
                      check_directions(source.with_file(path, line + '\n')), path + ':1')
    report.clean('config.h comes first', check_config_first(source))
    report.caught('config.h second',
                  check_config_first(source.with_file('rmi/bad.c', '#include <glib.h>\n#include "config.h"\n')),
                  'rmi/bad.c:1')
    return report.finish()


if __name__ == '__main__':
    sys.exit(main())
