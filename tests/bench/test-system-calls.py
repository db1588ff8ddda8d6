#!/usr/bin/python3
# tests/bench/test-system-calls.py: how many system calls a call makes, client and server together
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-system-calls.py SYSTEM_CALLS FLOOR GDBUS RMI_BENCH

Where strace may not trace, this is skipped.
"""

import os
import pathlib
import shutil
import subprocess
import sys

# promise → (program, workload, idle connections, at most so many)
PROMISES = {
    'the floor makes four: two writes, two reads': ('floor', 'W1', 1, 4),
    'a small call makes six': ('rmi-bench', 'W1', 1, 6),
    'an order makes six': ('rmi-bench', 'W3', 1, 6),
    'a call beside an idle connection makes six': ('rmi-bench', 'W1i', 1, 6),
    'a call beside 30 idle connections makes seven': ('rmi-bench', 'W1i', 30, 7),
}
NOISE = 0.5                        # sanitizers map memory, and who was descheduled may look once more


def may_trace():
    strace = shutil.which('strace')
    return strace and subprocess.run([strace, '-f', '-o', os.devnull, 'true'], check=False, stderr=subprocess.DEVNULL).returncode == 0


def count(command, program, workload, idle):
    """The number, and what was printed."""
    # a leak sanitizer cannot look for leaks while it is traced
    environment = dict(os.environ, ASAN_OPTIONS='detect_leaks=0')
    done = subprocess.run([command, '--workload', workload, '--idle', str(idle), program], env=environment, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    cells = done.stdout.splitlines()[-1].split(' | ')
    return float(cells[1]) if done.returncode == 0 else None, done.stdout


def main():
    command = sys.argv[1]
    programs = {pathlib.Path(path).name: path for path in sys.argv[2:]}
    print(f'1..{len(PROMISES)}')
    failed = 0
    may_count = may_trace()
    for number, (promise, (name, workload, idle, most)) in enumerate(PROMISES.items(), start=1):
        if not may_count:
            print(f'ok {number} {promise} # SKIP strace may not trace here')
            continue
        counted, output = count(command, programs[name], workload, idle)
        is_kept = counted is not None and 0 < counted <= most + NOISE
        failed += not is_kept
        print(f'{"ok" if is_kept else "not ok"} {number} {promise}')
        for line in output.splitlines():
            print(f'# {line}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
