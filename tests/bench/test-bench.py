#!/usr/bin/python3
# tests/bench/test-bench.py: the bench runs, and finds every value right
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
WORKLOADS = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6']
OBJECTS = 'W3c'                    # which only rmi-glib has
BESIDE = ['W1i', 'W2i']
IDLE = [1, 12]                     # connections beside; many are waited for in another way than a few
MEMORY = 'W7'
CONNECTIONS = 500
WAIT_S = 100


def run(program, transport, workloads):
    environment = dict(os.environ, CALLS='20', DURATION='0.05', WORKLOADS=','.join(workloads), TRANSPORTS=transport,
                       IDLE=','.join(map(str, IDLE)))
    return subprocess.run([program], env=environment, timeout=WAIT_S, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def is_right(line):
    if line['workload'] == MEMORY:
        return line['n'] == CONNECTIONS and 'rss_bytes_per_conn' in line
    return FIELDS <= line.keys() and line['n'] > 0 and line['cpu_us_per_call'] > 0


def find_fault(done, transport, workloads):
    """What is wrong with a finished program, or None."""
    if done.returncode != 0:
        return f'exit status {done.returncode}'
    expected = sorted((workload, idle) for workload in workloads for idle in (IDLE if workload in BESIDE else [0]))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    measured = sorted((line['workload'], line.get('idle', 0)) for line in lines if line['transport'] == transport)
    if measured != expected:
        return f'measured {measured}, not {expected}'
    return next((str(line) for line in lines if not is_right(line)), None)


def main():
    programs = sys.argv[1:]
    print(f'1..{2 * len(programs)}')
    failed = 0
    number = 0
    for program in programs:
        name = pathlib.Path(program).name
        # 500 connections of GDBus over TCP take twenty seconds
        for transport, memory in ('unix', [MEMORY]), ('tcp', []):
            workloads = WORKLOADS + BESIDE + ([OBJECTS] if name == 'rmi-bench' else []) + memory
            done = run(program, transport, workloads)
            fault = find_fault(done, transport, workloads)
            number += 1
            failed += fault is not None
            print(f'{"ok" if fault is None else "not ok"} {number} {name} over {transport} calls, and gets the right values')
            if fault is not None:
                print(f'# {fault}')
                for line in done.stdout.splitlines():
                    print(f'# {line}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
