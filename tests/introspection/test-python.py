#!/usr/bin/python3
# tests/introspection/test-python.py: the library in Python, on both ends of a connection
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-python.py COUNTER_SERVER REGISTRY_PROGRAM"""

import contextlib
import pathlib
import subprocess
import sys
import tempfile
import traceback
import urllib.parse

import gi

gi.require_version('Json', '1.0')
gi.require_version('Rmi', '1.0')
gi.require_version('TestCounter', '1.0')
# pylint: disable=wrong-import-position
from gi.repository import GLib, GObject, Json, Rmi, TestCounter  # noqa: E402

WAIT_S = 20


@contextlib.contextmanager
def program(*command):
    """Starts a server; the first line it prints, when it is ready."""
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def until(condition):
    """Runs the main loop until @condition is true."""
    late = []
    GLib.timeout_add_seconds(WAIT_S, lambda: late.append(True))
    while not condition():
        assert not late, 'it did not happen'
        GLib.MainContext.default().iteration(True)


def step(amount, label='on'):
    return TestCounter.Step(label=label, amount=amount)


def fails(domain, code, function, *arguments):
    try:
        function(*arguments)
    except GLib.Error as error:
        assert error.matches(domain, code), f'{error.domain} {error.code}: {error.message}'
        return error
    raise AssertionError('it did not fail')


class Tests:
    """Each method is a point; `counter` is a stub of the generated interface, `stub` one without."""

    def __init__(self, uri, registry):
        self.node = Rmi.Node.new()
        self.uri = uri
        self.registry = registry
        self.counter = self.node.get_object(uri, TestCounter.Counter, None)
        self.stub = self.node.get_object(uri, Rmi.Stub, None)
        self.dynamic = self.node.get_object(uri, Rmi.DynamicStub, None)

    def a_blocking_call_runs_a_virtual_function_in_python(self):
        assert self.counter.add(step(5), None) == (True, 5)
        assert self.counter.describe('at', None) == 'at 5'

    def an_asynchronous_call_completes_in_the_main_loop(self):
        answers = []
        self.counter.describe_async('now', None, lambda source, result: answers.append(source.describe_finish(result)))
        assert not answers
        until(lambda: answers)
        assert answers == ['now 5'], answers

    def a_declared_error_arrives_as_itself(self):
        error = fails(TestCounter.error_quark(), TestCounter.Error.TOO_FAR, self.counter.add, step(5000), None)
        assert error.message == 'Nobody counts that far', error.message
        assert Rmi.error_get_ran(error) == Rmi.Ran.YES

    def signals_and_properties_arrive(self):
        heard = []
        self.counter.connect('counted', lambda counter, label, total: heard.append((label, total)))
        self.counter.add(step(2, 'zwölf'), None)
        until(lambda: heard and self.counter.props.total == 7)
        assert heard == [('zwölf', 7)], heard

    def an_object_comes_back_by_reference(self):
        fork = self.counter.fork(None)
        assert fork.add(step(1), None) == (True, 8)
        assert self.counter.describe('still', None) == 'still 7'
        assert not Rmi.same_object(fork, self.counter)

    def a_call_without_generated_code_takes_a_variant(self):
        answer, objects = self.dynamic.call('Describe', GLib.Variant('(s)', ('by variant',)), None, None)
        assert answer.unpack() == ('by variant 7',), answer
        assert objects == []

    def an_object_comes_back_without_generated_code(self):
        answer, objects = self.dynamic.call('Fork', None, None, None)
        fork = objects[answer.unpack()[0]]
        assert isinstance(fork, Rmi.DynamicStub)
        step = GLib.Variant('(a{sv})', ({'label': GLib.Variant('s', 'on'), 'amount': GLib.Variant('u', 3)},))
        assert fork.call('Add', step, None, None)[0].unpack() == (10,)
        error = fails(Rmi.error_quark(), Rmi.Error.INVALID_ARGUMENTS, fork.call, 'Add', GLib.Variant('(s)', ('x',)), None, None)
        assert 'step' in error.message or 'Step' in error.message, error.message

    def signals_and_properties_arrive_without_generated_code(self):
        heard = []
        self.dynamic.connect('rmi-signal::Counted', lambda stub, member, arguments, objects:
                             heard.append((member, arguments.unpack(), objects)))
        self.dynamic.connect('rmi-value-changed::Total', lambda stub, name: heard.append(name))
        assert self.dynamic.get_cached_value('Total')[0].unpack() == 7
        self.counter.add(step(0, 'null'), None)
        until(lambda: len(heard) == 2)
        assert ('Counted', ('null', 7), []) in heard and 'Total' in heard, heard
        assert self.dynamic.get_value('Total', None)[0].unpack() == 7
        fails(Rmi.error_quark(), Rmi.Error.ACCESS_DENIED, self.dynamic.set_value, 'Total', GLib.Variant('u', 1), None, None)
        assert [info.get_name() for info in self.dynamic.introspect(None)] == ['org.example.counter.Counter']

    def a_call_without_generated_code_takes_json(self):
        answer = self.stub.call_json('Describe', Json.from_string('{"prefix": "by JSON"}'), None)
        assert answer.get_string() == 'by JSON 7', Json.to_string(answer, False)

    def errors_of_the_library_are_of_its_domain(self):
        error = fails(Rmi.error_quark(), Rmi.Error.NO_SUCH_METHOD, self.dynamic.call, 'Vanish', None, None, None)
        assert Rmi.error_get_ran(error) == Rmi.Ran.NO
        fails(Rmi.error_quark(), Rmi.Error.INVALID_ARGUMENTS, self.stub.call_json, 'Describe', Json.from_string('[7]'), None)

    def a_function_serves_an_object(self):
        heard = []
        desk = self.node.get_object(self.uri.replace('/counter', '/desk'), Rmi.DynamicStub, None)
        desk.connect('rmi-signal::Rung', lambda stub, member, arguments, objects: heard.append((arguments.unpack(), objects)))
        assert desk.get_cached_value('Level')[0].unpack() == 5
        answer, objects = desk.call('Same', GLib.Variant('(h)', (0,)), [desk], None)
        assert answer.unpack() == (0,) and objects == [desk]
        until(lambda: heard)
        assert heard == [((3,), [])], heard
        fails(Rmi.error_quark(), Rmi.Error.REMOTE, desk.call, 'Echo', GLib.Variant('(s)', ('x',)), None, None)

    def an_object_of_this_process_is_exported(self):
        uri = self.node.listen('rmi://127.0.0.1:0', None)
        self.node.export('/here', Local())
        assert isinstance(self.node.get_object(f'{uri}/here', TestCounter.Counter, None), Local)

    def names_are_found(self):
        naming = Rmi.Naming.open(self.node, self.registry, None)
        assert naming.lookup('counter', TestCounter.Counter, None) is self.counter
        assert naming.list('', None) == ['counter']
        fails(Rmi.Naming.error_quark(), Rmi.NamingError.NOT_FOUND, naming.lookup, 'nobody', Rmi.Stub, None)

    def the_registry_is_an_object_like_any_other(self):
        registry = self.node.get_object(f'{self.registry}/registry', Rmi.DynamicStub, None)
        answer = registry.call('Lookup', GLib.Variant('(s)', ('counter',)), None, None)[0]
        assert '/counter' in answer.print_(False), answer.print_(False)


class Local(GObject.Object, TestCounter.Counter):
    """Another implementation."""

    total = GObject.Property(type=GObject.TYPE_UINT, default=0)


def main():
    names = [name for name in vars(Tests) if not name.startswith('_')]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        sockets = ['rmi+unix://' + urllib.parse.quote(str(pathlib.Path(folder) / name), safe='') for name in ('r', 's')]
        with program(sys.argv[2], '--no-user-socket', '--listen', sockets[0], '--print-address') as registry, \
             program(sys.executable, '-B', sys.argv[1], sockets[1], registry) as uri:
            tests = Tests(uri, registry)
            for number, name in enumerate(names, start=1):
                try:
                    getattr(tests, name)()
                    print(f'ok {number} {name.replace("_", " ")}')
                except (AssertionError, AttributeError, TypeError, GLib.Error):
                    failed += 1
                    print(f'not ok {number} {name.replace("_", " ")}')
                    for line in traceback.format_exc().splitlines():
                        print(f'# {line}')
    print(f'1..{len(names)}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
