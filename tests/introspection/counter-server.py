#!/usr/bin/python3
# tests/introspection/counter-server.py: a counter, implemented in Python
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: counter-server.py URI [REGISTRY]

Listens at URI, exports a counter at /counter, binds it as "counter" at REGISTRY, prints its URI, and serves until it is killed.
"""

import sys

import gi

gi.require_version('Rmi', '1.0')
gi.require_version('TestCounter', '1.0')
# pylint: disable=wrong-import-position
from gi.repository import Gio, GLib, GObject, Rmi, TestCounter  # noqa: E402

FARTHEST = 1000


class Counter(GObject.Object, TestCounter.Counter):
    """The interface's property is GObject's, its methods are virtual functions."""

    total = GObject.Property(type=GObject.TYPE_UINT, default=0)

    def do_add(self, step, cancellable):
        if self.total + step.props.amount > FARTHEST:
            raise GLib.Error.new_literal(TestCounter.error_quark(), 'Nobody counts that far', TestCounter.Error.TOO_FAR)
        self.total += step.props.amount
        self.emit('counted', step.props.label, self.total)
        return True, self.total

    def do_describe(self, prefix, cancellable):
        return f'{prefix} {self.total}'

    def do_fork(self, cancellable):
        return Counter(total=self.total)


DESK = '''{"name": "org.example.Desk",
  "methods": [{"name": "Echo", "in": [{"name": "text", "type": "s"}], "out": [{"name": "echo", "type": "s"}]},
              {"name": "Same", "in": [{"name": "desk", "type": "Desk"}], "out": [{"name": "desk", "type": "Desk"}]}],
  "signals": [{"name": "Rung", "args": [{"name": "times", "type": "u"}]}],
  "properties": [{"name": "Level", "type": "i", "access": "readwrite"}],
  "types": {"Desk": {"kind": "interface", "name": "org.example.Desk"}}}'''


def serve_desk(desk, method, arguments, objects, invocation):
    """One function serves an object, by its description."""
    if method == 'Same':
        desk.emit_signal('Rung', GLib.Variant('(u)', (3,)), None)
        invocation.return_values(arguments, objects)
    else:
        invocation.return_error(GLib.Error.new_literal(Gio.io_error_quark(), 'No echo', Gio.IOErrorEnum.FAILED))


def main():
    node = Rmi.Node.new()
    uri = node.listen(sys.argv[1], None)
    counter = Counter()
    node.export('/counter', counter)
    info = Rmi.InterfaceInfo.new_for_json(DESK, -1)
    desk = Rmi.DynamicSkeleton.new(info, serve_desk)
    desk.set_value('Level', GLib.Variant('i', 5), None)
    node.export('/desk', desk)
    if len(sys.argv) > 2:
        naming = Rmi.Naming.open(node, sys.argv[2], None)
        naming.bind('counter', counter, None)
    print(f'{uri}/counter', flush=True)
    GLib.MainLoop().run()


if __name__ == '__main__':
    main()
