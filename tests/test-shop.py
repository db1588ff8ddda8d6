#!/usr/bin/python3
# tests/test-shop.py: the order flow of examples/shop, undisturbed and with processes killed in the middle
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-shop.py SOURCE_ROOT BUILD_ROOT

Real processes in a runtime folder of their own. Waits for what programs say, never for a while to pass.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

WAIT_S = 120
KILL_AFTER = '800 of 2400 orders'

SOURCE = pathlib.Path(sys.argv[1]) / 'examples' / 'shop'
BUILD = pathlib.Path(sys.argv[2])
SHOP = BUILD / 'examples' / 'shop'


class Report:
    """TAP."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, ok, name, details=''):
        self.count += 1
        self.failed += not ok
        print(f'{"ok" if ok else "not ok"} {self.count} {name}')
        if not ok:
            for line in str(details).splitlines()[:40]:
                print(f'# {line}')
        sys.stdout.flush()

    def finish(self):
        print(f'1..{self.count}')
        return 1 if self.failed else 0


class Shop:
    """The registry and three servers, in a folder of their own."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self._folder.name)
        self.environment = {name: value for name, value in os.environ.items() if name != 'RMI_REGISTRY'}
        self.environment['XDG_RUNTIME_DIR'] = str(self.path)
        self.servers = {}

    def __enter__(self):
        self.start('registry', BUILD / 'naming' / 'rmi-registry', '--print-address')
        self.start('payment', SHOP / 'shop-payment')
        self.start('warehouse', SHOP / 'shop-warehouse', SOURCE / 'stock.csv')
        self.start('orders', SHOP / 'shop-orders')
        return self

    def __exit__(self, *_):
        for server in reversed(self.servers.values()):
            server.kill()
            server.wait()
            server.stdout.close()
        self._folder.cleanup()

    def start(self, name, *command):
        """Starts a server, and waits for the line that says it is ready."""
        server = subprocess.Popen([str(word) for word in command], env=self.environment, stdout=subprocess.PIPE, text=True)
        self.servers[name] = server
        if not server.stdout.readline():
            raise RuntimeError(f'{command[0]} does not start')

    def kill(self, name):
        self.servers[name].kill()
        self.servers[name].wait()

    def stop(self, name):
        """Asks it to; its exit status."""
        self.servers[name].terminate()
        return self.servers[name].wait(timeout=WAIT_S)

    def grmi(self, *arguments):
        return subprocess.run([str(BUILD / 'tools' / 'grmi' / 'grmi'), *arguments], env=self.environment, timeout=WAIT_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)

    def run_client(self, victim=None):
        """Runs the client to its end; its exit status, what it printed, and its report. Kills @victim in the middle."""
        report = self.path / 'report.txt'
        command = ['timeout', str(WAIT_S), SHOP / 'shop-client', '--report', report, SOURCE / 'orders.csv']
        with subprocess.Popen([str(word) for word in command], env=self.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as client:
            output = ''
            for line in client.stdout:
                output += line
                if victim is not None and KILL_AFTER in line:
                    self.kill(victim)
        return client.returncode, output, report.read_text(encoding='utf-8') if report.exists() else ''


def parse(report):
    """order number → its line, and name → numbers of the totals."""
    orders, totals = {}, {}
    for line in report.splitlines():
        words = line.split(' ')
        if words[0].isdigit():
            orders[words[0]] = line
        elif words[0] == 'total':
            totals[words[1]] = [int(word) for word in words[2:]]
        else:
            totals[words[0]] = int(words[1])
    return orders, totals


def expected_report():
    command = ['awk', '-f', SOURCE / 'totals.awk', SOURCE / 'stock.csv', SOURCE / 'orders.csv']
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=True).stdout


def test_files(tap):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, '-B', str(SOURCE / 'make-orders.py'), folder], check=True)
        for name in ('orders.csv', 'stock.csv'):
            made = (pathlib.Path(folder) / name).read_bytes()
            tap.point(made == (SOURCE / name).read_bytes(), f'make-orders.py makes the {name} that is checked in')


def test_demo(tap):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([str(SOURCE / 'demo.sh'), str(BUILD)], env={**os.environ, 'TMPDIR': folder}, timeout=WAIT_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        tap.point(done.returncode == 0 and 'They agree' in done.stdout, 'the demo agrees', done.stdout)
        tap.point(not os.listdir(folder), 'and leaves nothing behind', os.listdir(folder))


def test_undisturbed(tap):
    with Shop() as shop:
        status, output, report = shop.run_client()
        tap.point(status == 0, 'the client is content', output)
        expected = expected_report().splitlines()
        differences = [f'{a} | {b}' for a, b in zip(expected, report.splitlines()) if a != b]
        tap.point(report.splitlines() == expected, 'every order and every total is as awk computes it',
                  '\n'.join(differences) or output)
        statuses = {name: shop.stop(name) for name in ('orders', 'warehouse', 'payment', 'registry')}
        tap.point(not any(statuses.values()), 'servers stop when they are told to', statuses)
        tap.point(not list(shop.path.rglob('*.sock')), 'and leave no socket behind', list(shop.path.rglob('*.sock')))


def test_warehouse_killed(tap):
    with Shop() as shop:
        status, output, report = shop.run_client(victim='warehouse')
        tap.point(status == 1, 'a killed warehouse: the client ends, and says that orders failed', f'{status}\n{output}')
        orders, totals = parse(report)
        expected, _ = parse(expected_report())
        tap.point(orders.keys() == expected.keys(), 'every order was answered', output)
        wrong = [line for number, line in orders.items() if ' failed ' not in line and line != expected.get(number)]
        tap.point(not wrong, 'what did not fail is as it would have been', '\n'.join(wrong))
        tap.point(totals.get('failed', [0])[0] > 0, 'some failed', totals)
        tap.point('The warehouse does not answer' in output, 'and the reason is the warehouse', output)
        tap.point(totals.get('turnover') == totals.get('accepted', [0, 0, -1])[2], 'nobody paid for nothing', totals)
        shop.start('warehouse', SHOP / 'shop-warehouse', SOURCE / 'stock.csv')
        done = shop.grmi('call', 'shop/warehouse', 'Stock', 'radio-1957')
        tap.point((done.returncode, done.stdout.strip()) == (0, '0'), 'its name was free for the next one', done.stdout)


def test_orders_killed(tap):
    with Shop() as shop:
        status, output, report = shop.run_client(victim='orders')
        orders, _ = parse(report)
        expected, _ = parse(expected_report())
        tap.point(status == 1 and orders.keys() == expected.keys(), 'killed in the middle of orders: every one was answered',
                  f'{status}\n{output}')
        wrong = [line for number, line in orders.items() if ' failed ' not in line and line != expected.get(number)]
        tap.point(not wrong, 'what did not fail is as it would have been', '\n'.join(wrong))
        end = time.monotonic() + WAIT_S
        done = shop.grmi('get', 'shop/warehouse', 'OpenReservations')
        while done.stdout.strip() != '0' and time.monotonic() < end:
            done = shop.grmi('get', 'shop/warehouse', 'OpenReservations')
        tap.point(done.stdout.strip() == '0', 'goods reserved by the dead are free again', done.stdout)


def main():
    tap = Report()
    test_files(tap)
    test_demo(tap)
    test_undisturbed(tap)
    test_warehouse_killed(tap)
    test_orders_killed(tap)
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
