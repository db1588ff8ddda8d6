# tests/hostile/liar.py: a server that answers honestly, but for what a test has it say
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A thread for each connection; TCP of this machine, so that the limits are those of the network."""

import json
import pathlib
import socket
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'clients'))
from harness import Headers    # pylint: disable=wrong-import-position # it is in a folder of its own

HELLO = {'version': 1, 'node': 'liar', 'resumed': False, 'limits': {'frame': 4194304, 'calls': 128}, 'features': []}
INTERFACE = {
    'name': 'org.example.Thing',
    'methods': [{'name': 'Add', 'in': [{'name': 'a', 'type': 'i'}, {'name': 'b', 'type': 'i'}],
                 'out': [{'name': 'sum', 'type': 'i'}]},
                {'name': 'Echo', 'in': [{'name': 'text', 'type': 's'}], 'out': [{'name': 'echo', 'type': 's'}]}],
    'signals': [{'name': 'Rang', 'args': [{'name': 'text', 'type': 's'}]}],
    'properties': [{'name': 'Level', 'type': 'i', 'access': 'readwrite'}],
}


class HangUp(Exception):
    """The liar has nothing more to say on this connection."""


class Peer(Headers):
    """One connection, as the liar sees it."""

    def send(self, data):
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise HangUp from error

    def answer(self, request, **rest):
        """Result or error of @request, which may be a notification."""
        if 'id' in request:
            self.send(self.frame(json.dumps({'jsonrpc': '2.0', 'id': request['id'], **rest})))

    def notify(self, method, params):
        self.send(self.frame(json.dumps({'jsonrpc': '2.0', 'method': method, 'params': params})))


class Liar:
    """@lies: member → what it answers: a function of (peer, request), or the result."""

    def __init__(self, lies):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.uri = f'rmi://127.0.0.1:{self.port}'
        provider = {'endpoints': [self.uri], 'path': '/thing', 'interfaces': [INTERFACE['name']], 'node': HELLO['node']}
        self.answers = {
            'rpc.hello': HELLO, 'rpc.introspect': {'interfaces': [INTERFACE]}, 'rpc.get_all': {'Level': 7}, 'rpc.get': 7,
            'rpc.set': None, 'rpc.subscribe': {}, 'rpc.unsubscribe': None, 'Add': 5, 'Echo': 'x', 'Lookup': provider,
            'List': {'entries': [{'name': name, 'provider': provider} for name in ('a/one', 'b/two')], 'more': False},
            'Bind': None, **lies,
        }
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        peer = Peer(connection)
        try:
            if 'connected' in self.answers:
                self.answers['connected'](peer)
            for text in iter(peer.hear, None):
                request = json.loads(text)
                member = request.get('method', '').replace('!', '#').rpartition('#')[2]
                member = member if member.startswith('rpc.') else member.rpartition('.')[2]
                answer = self.answers.get(member)
                if callable(answer):
                    answer(peer, request)
                elif member in self.answers:
                    peer.answer(request, result=answer)
                else:
                    peer.answer(request, error={'code': -32601, 'message': f'No such method: {member}'})
        except (HangUp, OSError, AssertionError):
            pass
        connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
