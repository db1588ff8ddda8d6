#!/usr/bin/python3
# tests/clients/test-snippets.py: what doc/clients.md shows is what happens
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-snippets.py SERVER SOURCE_ROOT NODE

A block of the document is followed by a block of what it prints; in a block of shell, each command by its own output. "…" stands
for anything.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from harness import WAIT_S, Server, equal, run

SERVER, ROOT, NODE = sys.argv[1:4]
MODULES = os.path.join(ROOT, 'tests/clients/node_modules')
BLOCK = re.compile(r'^```(\w+)\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def sections():
    """heading → its blocks, (language, text)"""
    text = pathlib.Path(ROOT, 'doc/clients.md').read_text(encoding='utf-8')
    return {part.split('\n')[0]: BLOCK.findall(part) for part in text.split('\n## ')[1:]}


def printed(command, **options):
    environment = {**os.environ, 'LC_ALL': 'C.UTF-8', 'NODE_PATH': MODULES}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=WAIT_S, check=True, **options)
    return done.stdout


def here(text, server):
    return text.replace('localhost', '127.0.0.1').replace('7640', str(server.port))


def check(found, wanted):
    pattern = '.*'.join(re.escape(part) for part in wanted.split('…'))
    assert re.fullmatch(pattern, found), f'{found!r} instead of {wanted!r}'


def shell(server, text):
    for step in text.split('$ ')[1:]:
        command, wanted = step.split('\n', 1)
        check(printed(here(command, server), shell=True), wanted)


def script(server, text, wanted):
    check(printed([NODE, '-e', here(text, server)]), wanted)


def program(server, text, wanted):
    flags = subprocess.run(['pkg-config', '--cflags', '--libs', 'jsonrpc-glib-1.0'], stdout=subprocess.PIPE, text=True, check=True)
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, 'client.c')
        source.write_text(here(text, server), encoding='utf-8')
        subprocess.run(['gcc', '-Wall', '-Werror', '-o', source.with_suffix(''), source, *shlex.split(flags.stdout)], check=True)
        check(printed([source.with_suffix('')]), wanted)


def snippet(blocks):
    def test():
        (language, text), *output = blocks
        with Server(SERVER) as server:
            if language == 'sh':
                shell(server, text)
            else:
                (kind, wanted), = output
                equal(kind, 'text')
                {'js': script, 'c': program}[language](server, text, wanted)
    return test


if not os.path.isdir(MODULES):
    print('1..0 # SKIP the packages of npm are not installed: run ./setup')
    sys.exit(0)
equal(list(sections()), ['nc', 'jayson', 'vscode-jsonrpc', 'jsonrpc-glib'])
run('snippets', {f'{heading}-does-as-documented': snippet(blocks) for heading, blocks in sections().items()})
