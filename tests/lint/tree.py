# tests/lint/tree.py: the files of a source tree, and of mutated copies of it
# SPDX-License-Identifier: LGPL-2.1-or-later

import pathlib

ROOMS = ('rmi', 'stubs', 'skeletons', 'node', 'naming')
FOLDERS = ROOMS + ('rmi-glib', 'gi', 'tools', 'examples', 'bench', 'tests', 'fuzz', 'doc', '.ci')
LEFT_OUT = {'__pycache__', 'node_modules'}     # not ours


class Tree:
    """Text files by their path from the root. Immutable: with_file() makes a changed copy, in memory."""

    def __init__(self, root, changes=None):
        self.root = pathlib.Path(root)
        self._changes = changes or {}

    def with_file(self, path, text):
        return Tree(self.root, {**self._changes, path: text})

    def paths(self, *suffixes):
        """Sorted paths of what is in the root and in FOLDERS; of all suffixes if none is given."""
        found = {str(path.relative_to(self.root)) for path in self._walk()} | set(self._changes)
        return sorted(path for path in found if not suffixes or path.endswith(suffixes))

    def _walk(self):
        yield from (path for path in self.root.iterdir() if path.is_file())
        for folder in FOLDERS:
            for path in (self.root / folder).rglob('*'):
                if path.is_file() and not LEFT_OUT & set(path.relative_to(self.root).parts):
                    yield path

    def read(self, path):
        if path in self._changes:
            return self._changes[path]
        return (self.root / path).read_text(encoding='utf-8', errors='replace')

    def lines(self, path):
        """(number, text) of each line."""
        return enumerate(self.read(path).splitlines(), start=1)

    def public_headers(self):
        """What is installed: rmi-x.h, but not rmi-x-internal.h or rmi-x-private.h."""
        return [path for path in self.paths('.h')
                if path.split('/')[0] in ROOMS + ('rmi-glib',)
                and not path.endswith(('-internal.h', '-private.h', '-generated.h'))
                or path == 'rmi-glib/rmi-generated.h']
