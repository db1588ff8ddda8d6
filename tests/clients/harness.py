# tests/clients/harness.py: a server of this library, sockets to it, and a test point for each promise
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage of each test: test-X.py SERVER …"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback

WAIT_S = 30


class Server:
    """A process of @program, ended by `with`; it must end as it should: its sanitizers look at what is left then."""

    def __init__(self, program, *settings):
        self.folder = tempfile.mkdtemp(prefix='rmi-')
        self.path = os.path.join(self.folder, 's')
        self.process = subprocess.Popen([program, self.path, *settings], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(':', 1)[1])
        self.process.stdout.readline()

    def connect(self, transport):
        if transport == 'tcp':
            return socket.create_connection(('127.0.0.1', self.port), timeout=WAIT_S)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(WAIT_S)
        connection.connect(self.path)
        return connection

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.stdin.close()
        try:
            status = self.process.wait(WAIT_S)
        finally:
            self.process.kill()
            self.process.stdout.close()
            shutil.rmtree(self.folder)
        assert kind or status == 0, f'the server ended with {status}'


class Lines:
    """Newline-delimited JSON over @connection."""

    def __init__(self, connection):
        self.connection = connection
        self.received = b''

    def frame(self, text):
        return text.encode() + b'\n'

    def say(self, *texts):
        """All @texts in one write."""
        self.connection.sendall(b''.join(self.frame(text) for text in texts))

    def hang_up(self):
        """Says no more, and goes on listening."""
        self.connection.shutdown(socket.SHUT_WR)

    def fill(self):
        """False at the end."""
        more = self.connection.recv(65536)
        self.received += more
        return bool(more)

    def hear(self):
        """The text of the next message; None at the end."""
        while b'\n' not in self.received:
            if not self.fill():
                assert not self.received, self.received
                return None
        text, self.received = self.received.split(b'\n', 1)
        return text.decode()

    def ask(self, text):
        """The one answer to @text, as a value."""
        self.say(text)
        return json.loads(self.hear())

    def hear_all(self):
        """Values up to the end."""
        return [json.loads(text) for text in iter(self.hear, None)]


class Headers(Lines):
    """Content-Length before each message."""

    def frame(self, text):
        body = text.encode()
        return b'Content-Length: %d\r\n\r\n%s' % (len(body), body)

    def hear(self):
        while b'\r\n\r\n' not in self.received:
            if not self.fill():
                assert not self.received, self.received
                return None
        header, rest = self.received.split(b'\r\n\r\n', 1)
        name, length = header.split(b': ')
        assert name == b'Content-Length', header
        while len(rest) < int(length):
            assert self.fill(), 'the end in the middle of a message'
            rest = self.received[len(header) + 4:]
        self.received = rest[int(length):]
        return rest[:int(length)].decode()


def equal(found, wanted):
    assert found == wanted, f'{found!r} instead of {wanted!r}'


def run(client, tests):
    """Each test is a function without arguments; its name, or its key, is the promise."""
    failed = 0
    print(f'1..{len(tests)}')
    for number, (promise, test) in enumerate(tests.items(), start=1):
        try:
            test()
            print(f'ok {number} /rmi/clients/{client}/{promise}', flush=True)
        except Exception:    # pylint: disable=broad-exception-caught # whatever it was, the other promises are tested
            failed += 1
            details = traceback.format_exc().strip().replace('\n', '\n# ')
            print(f'not ok {number} /rmi/clients/{client}/{promise}\n# {details}', flush=True)
    sys.exit(1 if failed else 0)
