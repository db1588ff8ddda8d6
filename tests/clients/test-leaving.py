#!/usr/bin/python3
# tests/clients/test-leaving.py: clients that leave in the middle of something
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-leaving.py SERVER"""

import json
import sys

from harness import Lines, Server, equal, run


def request(identifier, member, *arguments):
    return json.dumps({'jsonrpc': '2.0', 'id': identifier, 'method': f'/party#{member}', 'params': arguments})


def event(member, *arguments):
    return json.dumps({'jsonrpc': '2.0', 'method': f'/party#{member}', 'params': arguments})


def until(peer, member, is_enough):
    while not is_enough(peer.ask(request(1, member))['result']):
        pass


def a_batch_ends_with_its_client():
    with Server(sys.argv[1]) as server, server.connect('unix') as first, server.connect('unix') as second:
        leaver, other = Lines(first), Lines(second)
        leaver.ask(request(1, 'Make'))
        until(other, 'Alive', lambda count: count == 2)
        leaver.say('[' + ','.join((
            request(2, 'LoopInside'), request(3, 'rpc.subscribe'), request(4, 'Note', 'asked'), event('Note', 'said'),
        )) + ']')
        until(other, 'History', lambda notes: notes == ['loops'])
        first.close()
        until(other, 'Alive', lambda count: count == 1)
        other.ask(request(1, 'Note', 'stop'))
        until(other, 'History', lambda notes: 'said' in notes)
        equal(other.ask(request(1, 'History'))['result'], ['loops', 'stop', 'said'])
        # nobody listens: the one who would have is gone
        equal(other.ask(request(1, 'Tick', 3))['result'], None)


def passes_an_object_and_goes_away():
    for transport in ('tcp', 'unix'):
        with Server(sys.argv[1]) as server, server.connect(transport) as first, server.connect(transport) as second:
            leaver = Lines(first)
            leaver.say(request(1, 'IsSelf', {'$ref': '/mine'}), '{"jsonrpc": "2.0", "method": "rpc.close", "params": [0, "done"]}')
            equal([answer['result'] for answer in leaver.hear_all()], [False])
            equal(Lines(second).ask(request(1, 'Alive'))['result'], 1)


if __name__ == '__main__':
    run('leaving', {
        'a-batch-ends-with-its-client': a_batch_ends_with_its_client,
        'passes-an-object-and-goes-away-at-once': passes_an_object_and_goes_away,
    })
