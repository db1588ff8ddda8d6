#!/usr/bin/python3
# tests/bench/test-compare.py: programs take turns, and their figures end in the right cells
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-compare.py COMPARE BUILD_ROOT"""

import json
import pathlib
import subprocess
import sys
import tempfile

# A program outside of the tree: it prints such lines as rmi-bench does. Much slower in the second round.
OTHER = '''#!/usr/bin/python3
import json, os, pathlib
turn = pathlib.Path(__file__).with_name('turn')
turn.write_text(turn.read_text() + '.' if turn.exists() else '.')
print(json.dumps({'peer': 'other', 'transport': os.environ['TRANSPORTS'], 'workload': os.environ['WORKLOADS'],
                  'n': 1, 'cpu_us_per_call': 1000.0 ** len(turn.read_text()), 'calls_per_s': 1.0, 'p50_us': 1.0}))
'''


class Run:
    """One short comparison."""

    def __init__(self, command, build, folder, *arguments):
        self.lines_file = folder / 'lines'
        self.done = subprocess.run([command, '--no-build', '--build', build, '--duration', '0.05', '--lines', self.lines_file,
                                    '--transports', 'unix', *arguments],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        self.lines = [json.loads(line) for line in self.lines_file.read_text().splitlines()] if self.lines_file.exists() else []

    def cells(self, row, title='CPU'):
        """column → cell of the row that begins so, in the table that is titled so."""
        table = next((part for part in self.done.stdout.split('### ') if part.startswith(title)), '')
        rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in table.splitlines() if line.startswith('|')]
        return next((dict(zip(rows[0], cells)) for cells in rows if cells[0].startswith(row)), {})


def others_are_compared(command, build, folder):
    other = folder / 'other'
    other.write_text(OTHER)
    other.chmod(0o755)
    run = Run(command, build, folder, '--workloads', 'W1', '--rounds', '2', str(other))
    turns = [(line['round'], line['peer']) for line in run.lines]
    cells = run.cells('W1 nothing')
    order = ['floor', 'gdbus', 'rmi-glib', 'other']
    is_right = (run.done.returncode == 0 and turns == [(1, peer) for peer in order] + [(2, peer) for peer in reversed(order)]
                and cells.get('other') == '500,500' and '(' in cells.get('ours / other', '') and cells.get('floor', '–') != '–')
    return is_right, run


def a_build_is_compared_with_another(command, build, folder):
    run = Run(command, build, folder, '--workloads', 'W1,W1i', '--rounds', '1', '--idle', '1,3', '--against', build)
    peers = {line['peer'] for line in run.lines}
    is_right = (peers == {'before', 'rmi-glib'} and 0 < float(run.cells('W1 nothing').get('ours / before', 0))
                and all(run.cells(f'W1i nothing, beside {idle} idle').get('before', '–') != '–' for idle in (1, 3)))
    return is_right, run


def a_program_that_fails_is_left_out(command, build, folder):
    run = Run(command, build, folder, '--workloads', 'W1', '--rounds', '1', 'false')
    is_right = (run.cells('W1 nothing').get('rmi-glib', '–') != '–' and 'false' in run.done.stderr.splitlines()[-1]
                and run.done.returncode == 1)
    return is_right, run


def main():
    command, build = sys.argv[1:]
    tests = (others_are_compared, a_build_is_compared_with_another, a_program_that_fails_is_left_out)
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, start=1):
        with tempfile.TemporaryDirectory() as folder:
            is_right, run = test(command, build, pathlib.Path(folder))
        failed += not is_right
        print(f'{"ok" if is_right else "not ok"} {number} {test.__name__.replace("_", " ")}')
        for line in (run.done.stdout + run.done.stderr).splitlines() if not is_right else ():
            print(f'# {line}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
