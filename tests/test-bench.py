#!/usr/bin/python3
# tests/test-bench.py: the bench runs, and finds every value right
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-bench.py PROGRAM…

Each program checks the values it gets and exits with what is wrong. How fast it is, nobody asks here.
"""

import json
import os
import pathlib
import subprocess
import sys

FIELDS = {'n', 'calls_per_s', 'p50_us', 'p99_us', 'cpu_us_per_call'}
WORKLOADS = ['W1', 'W2', 'W3', 'W4', 'W5']
OBJECTS = 'W3c'                    # which only rmi-glib has
WAIT_S = 100


def run(program):
    environment = dict(os.environ, DURATION='0.05', WORKLOADS=','.join(WORKLOADS + [OBJECTS]), TRANSPORTS='unix,tcp')
    return subprocess.run([program], env=environment, timeout=WAIT_S, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def find_fault(done, name):
    """What is wrong with a finished program, or None."""
    if done.returncode != 0:
        return f'exit status {done.returncode}'
    expected = sorted(WORKLOADS + ([OBJECTS] if name == 'rmi-bench' else []))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for transport in ('unix', 'tcp'):
        measured = sorted(line['workload'] for line in lines if line['transport'] == transport)
        if measured != expected:
            return f'{transport}: measured {measured}, not {expected}'
    for line in lines:
        if not FIELDS <= line.keys() or line['n'] < 1 or line['cpu_us_per_call'] <= 0:
            return f'{line}'
    return None


def main():
    programs = sys.argv[1:]
    print(f'1..{len(programs)}')
    failed = 0
    for number, program in enumerate(programs, start=1):
        name = pathlib.Path(program).name
        done = run(program)
        fault = find_fault(done, name)
        failed += fault is not None
        print(f'{"ok" if fault is None else "not ok"} {number} {name} calls, and gets the right values')
        if fault is not None:
            print(f'# {fault}')
            for line in done.stdout.splitlines():
                print(f'# {line}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
