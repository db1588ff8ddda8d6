#!/usr/bin/python3
# tests/test-grmi.py: grmi, end to end, against a registry and a server of their own
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-grmi.py GRMI RMI_REGISTRY CALCULATOR_SERVER"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse

GRMI, REGISTRY, SERVER = sys.argv[1:4]


class World:
    """A registry and two calculators, ended by close()."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='grmi-')
        path = urllib.parse.quote(os.path.join(self.folder, 'r.sock'), safe='')
        self.registry_uri = f'rmi+unix://{path}'
        self.environment = {**os.environ, 'RMI_REGISTRY': self.registry_uri, 'XDG_RUNTIME_DIR': self.folder,
                            'LC_ALL': 'C.UTF-8'}
        self.processes = []
        self.start(REGISTRY, '--no-user-socket', '--listen', self.registry_uri, '--print-address')
        self.uri = self.start(SERVER, 'math/calculator')[1] + '/math/calculator'
        self.start(SERVER, 'math/spare')

    def start(self, *arguments, stream='stdout'):
        """The process and the first line it prints."""
        pipes = {'stdout': subprocess.PIPE, stream: subprocess.PIPE}
        process = subprocess.Popen(arguments, env=self.environment, text=True, **pipes)
        self.processes.append(process)
        return process, getattr(process, stream).readline().strip()

    def grmi(self, *arguments):
        """Exit code, stdout, stderr."""
        done = subprocess.run([GRMI, *arguments], env=self.environment, capture_output=True, text=True,
                              timeout=50, check=False)
        return done.returncode, done.stdout, done.stderr

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()
        shutil.rmtree(self.folder)


def equal(found, wanted):
    assert found == wanted, f'{found!r} instead of {wanted!r}'


def fails(world, code, text, *arguments):
    """Nothing on stdout, @text on stderr."""
    found, out, err = world.grmi(*arguments)
    equal((found, out), (code, ''))
    assert err.startswith('grmi: ') and text in err, f'no {text!r} in {err!r}'


def lists_names(world):
    equal(world.grmi('list'), (0, 'math/calculator\nmath/spare\n', ''))
    equal(world.grmi('list', 'math/s'), (0, 'math/spare\n', ''))
    equal(world.grmi('list', 'none'), (0, '', ''))
    equal(world.grmi('--json', 'list'), (0, '["math/calculator","math/spare"]\n', ''))
    equal(world.grmi('list', '--json', 'none'), (0, '[]\n', ''))
    code, out, _ = world.grmi('list', '-l', 'math/c')
    equal(code, 0)
    assert 'org.rmi_glib.test.Calculator' in out and world.uri in out, out
    entries = json.loads(world.grmi('list', '-l', '-j')[1])
    equal(entries[0]['provider']['interfaces'], ['org.rmi_glib.test.Calculator'])


def introspects(world):
    code, out, _ = world.grmi('introspect', 'math/calculator')
    equal(code, 0)
    for line in ('interface org.rmi_glib.test.Calculator', '    Add (a: i, b: i) → (sum: i) [idempotent]',
                 '    Memory: d [read, write]', '    enum Mode { exact, rough }', '    Cleared (memory: d)'):
        assert line in out.splitlines(), f'no {line!r} in {out}'
    assert '<method name="Add"' in world.grmi('introspect', '--xml', world.uri)[1]
    document = json.loads(world.grmi('introspect', 'math/calculator', '--json')[1])
    equal(document['interfaces'][0]['name'], 'org.rmi_glib.test.Calculator')


def calls_by_name_and_uri(world):
    equal(world.grmi('call', 'math/calculator', 'Add', '2', '3'), (0, '5\n', ''))
    equal(world.grmi('call', world.uri, 'org.rmi_glib.test.Calculator.Add', '2', '3'), (0, '5\n', ''))


def takes_minus_five_as_an_argument(world):
    equal(world.grmi('call', 'math/calculator', 'Add', '-5', '3'), (0, '-2\n', ''))
    equal(world.grmi('set', 'math/calculator', 'Memory', '-1.5'), (0, '', ''))
    equal(world.grmi('get', 'math/calculator', 'Memory'), (0, '-1.5\n', ''))


def keeps_64_bits(world):
    code, out, _ = world.grmi('--json', 'call', 'math/calculator', 'Divide', '9223372036854775807', '2')
    equal((code, out), (0, '{"quotient":"4611686018427387903","rest":1}\n'))


def takes_json_for_containers(world):
    terms = '[{"factor": 2, "label": "apples"}, {"factor": -1, "label": "über"}]'
    equal(world.grmi('call', 'math/calculator', 'Describe', terms, 'rough'), (0, 'roughly 2 apples -1 über\n', ''))


def prints_long_results_on_lines(world):
    _, out, _ = world.grmi('call', 'math/calculator', 'Terms', '3')
    equal(out.count('\n'), 5)
    equal(len(json.loads(out)), 3)
    equal(world.grmi('call', 'math/calculator', 'Terms', '0'), (0, '[]\n', ''))
    equal(world.grmi('-j', 'call', 'math/calculator', 'Terms', '30')[1].count('\n'), 1)


def lets_no_one_steer_the_terminal(world):
    for out in (world.grmi('call', 'math/calculator', 'Terms', '1')[1],
                world.grmi('call', 'math/calculator', 'Describe', '[{"factor":1,"label":"\\u001b[2J\\u009b"}]', 'exact')[1]):
        assert '\033' not in out and '\x9b' not in out and '\\u001b' in out, repr(out)


def gets_and_sets_properties(world):
    equal(world.grmi('get', 'math/calculator', 'Owner'), (0, 'Ada\n', ''))
    equal(world.grmi('--json', 'get', 'math/calculator', 'Owner'), (0, '"Ada"\n', ''))
    equal(world.grmi('set', 'math/calculator', 'Memory', '0.1'), (0, '', ''))
    equal(world.grmi('get', 'math/calculator'), (0, 'Memory: 0.1\nOwner: "Ada"\n', ''))
    fails(world, 5, 'cannot be set', 'set', 'math/calculator', 'Owner', 'Bob')


def prints_nothing_for_no_result(world):
    equal(world.grmi('call', 'math/calculator', 'Clear'), (0, '', ''))
    equal(world.grmi('--json', 'call', 'math/calculator', 'Clear'), (0, 'null\n', ''))


def exits_1_for_wrong_usage(world):
    fails(world, 1, 'which command', )
    fails(world, 1, 'no such command', 'dance')
    fails(world, 1, 'usage: grmi call', 'call', 'math/calculator')
    fails(world, 1, '--nonsense', 'list', '--nonsense')


def exits_2_where_nobody_answers(world):
    fails(world, 2, 'No registry answers', '--registry', 'rmi+unix://%2Fnowhere', 'list')
    fails(world, 2, 'did not run', 'call', 'rmi+unix://%2Fnowhere/x', 'Add')


def exits_3_for_what_is_not_there(world):
    equal(world.grmi('call', 'math/nothing', 'Add'), (3, '', 'grmi: math/nothing: no such name\n'))
    fails(world, 3, 'no such method: Subtract (it has Add, ', 'call', 'math/calculator', 'Subtract')
    fails(world, 3, 'no such property: Weight', 'set', 'math/calculator', 'Weight', '1')
    fails(world, 3, 'did not run', 'get', 'math/calculator', 'Weight')
    fails(world, 3, 'did not run', 'introspect', world.uri + 's')


def exits_4_for_bad_arguments(world):
    fails(world, 4, 'takes 2 arguments, not 1: (a: i, b: i)', 'call', 'math/calculator', 'Add', '1')
    fails(world, 4, 'a (i): ', 'call', 'math/calculator', 'Add', 'one', '2')
    fails(world, 4, 'a (i): ', 'call', 'math/calculator', 'Add', '4294967296', '2')
    fails(world, 4, 'mode (Mode): ', 'call', 'math/calculator', 'Describe', '[]', 'wrong')
    fails(world, 4, 'terms (aTerm): ', 'call', 'math/calculator', 'Describe', '[{', 'exact')
    fails(world, 4, 'is not a name', 'call', '../x', 'Add')


def exits_5_when_the_method_fails(world):
    equal(world.grmi('call', 'math/calculator', 'Divide', '1', '0'),
          (5, '', 'grmi: math/calculator: DivisionByZero: 1 cannot be shared by nobody\n'))


def exits_6_when_it_may_have_run(world):
    fails(world, 6, 'may have run', '--timeout', '0.2', 'call', 'math/calculator', 'Hang')
    fails(world, 6, 'may have run', 'call', 'math/spare', 'Crash')


def monitors_signals_and_properties(world):
    process, line = world.start(GRMI, '--json', 'monitor', 'math/calculator', stream='stderr')
    assert line.startswith('Monitoring'), line
    world.grmi('set', 'math/calculator', 'Memory', '7')
    world.grmi('call', 'math/calculator', 'Clear')
    events = [json.loads(process.stdout.readline()) for _ in range(2)]
    equal(events[0], {'target': 'math/calculator', 'event': 'rpc.changed', 'arguments': {'Memory': 7.0}})
    while events[-1]['event'] == 'rpc.changed':
        events.append(json.loads(process.stdout.readline()))
    equal(events[-1], {'target': 'math/calculator', 'event': 'Cleared', 'arguments': [7.0]})
    process.send_signal(signal.SIGINT)
    equal(process.wait(), 0)


def monitors_names(world):
    monitor, _ = world.start(GRMI, 'monitor', stream='stderr')
    server, _ = world.start(SERVER, 'come/and/go')
    equal(monitor.stdout.readline(), '+ come/and/go\n')
    server.kill()
    equal(monitor.stdout.readline(), '- come/and/go\n')
    world.processes[0].kill()
    equal(monitor.wait(), 2)


TESTS = (
    lists_names, introspects, calls_by_name_and_uri, takes_minus_five_as_an_argument, keeps_64_bits,
    takes_json_for_containers, prints_long_results_on_lines, lets_no_one_steer_the_terminal,
    gets_and_sets_properties, prints_nothing_for_no_result, exits_1_for_wrong_usage,
    exits_2_where_nobody_answers, exits_3_for_what_is_not_there, exits_4_for_bad_arguments,
    exits_5_when_the_method_fails, exits_6_when_it_may_have_run, monitors_signals_and_properties,
    monitors_names,                     # the last one: it ends the registry
)


def main():
    world = World()
    failed = 0
    print(f'1..{len(TESTS)}')
    for number, test in enumerate(TESTS, start=1):
        name = 'grmi ' + test.__name__.replace('_', ' ')
        try:
            test(world)
            print(f'ok {number} {name}', flush=True)
        except (AssertionError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
            failed += 1
            details = str(error).replace('\n', '\n# ')
            print(f'not ok {number} {name}\n# {details}', flush=True)
    world.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
