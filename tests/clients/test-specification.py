#!/usr/bin/python3
# tests/clients/test-specification.py: the examples of section 7 of the JSON-RPC 2.0 specification
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-specification.py SERVER

What is said is as in the specification; where a message is a line, the lines of an example are joined.
What is heard has the same members and values, in any order; error messages are our own.
"""

import json
import sys

from harness import Headers, Lines, Server, equal, run

METHOD_NOT_FOUND, INVALID_REQUEST, PARSE_ERROR = -32601, -32600, -32700


def error(code, identifier):
    return {'jsonrpc': '2.0', 'error': {'code': code}, 'id': identifier}


def result(value, identifier):
    return {'jsonrpc': '2.0', 'result': value, 'id': identifier}


# promise → what is said and heard (None: nothing) in turn, what the server then wrote down
EXAMPLES = {
    'rpc-call-with-positional-parameters': ((
        ('{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}', result(19, 1)),
        ('{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}', result(-19, 2)),
    ), []),
    'rpc-call-with-named-parameters': ((
        ('{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}', result(19, 3)),
        ('{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}', result(19, 4)),
    ), []),
    'a-notification': ((
        ('{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}', None),
        ('{"jsonrpc": "2.0", "method": "foobar"}', None),
    ), ['update 1 2 3 4 5']),
    'rpc-call-of-non-existent-method': ((
        ('{"jsonrpc": "2.0", "method": "foobar", "id": "1"}', error(METHOD_NOT_FOUND, '1')),
    ), []),
    'rpc-call-with-invalid-json': ((
        ('{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]', error(PARSE_ERROR, None)),
    ), []),
    'rpc-call-with-invalid-request-object': ((
        ('{"jsonrpc": "2.0", "method": 1, "params": "bar"}', error(INVALID_REQUEST, None)),
    ), []),
    'rpc-call-batch-invalid-json': ((
        ('''[
  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
  {"jsonrpc": "2.0", "method"
]''', error(PARSE_ERROR, None)),
    ), []),
    'rpc-call-with-an-empty-array': ((
        ('[]', error(INVALID_REQUEST, None)),
    ), []),
    'rpc-call-with-an-invalid-batch-but-not-empty': ((
        ('[1]', [error(INVALID_REQUEST, None)]),
    ), []),
    'rpc-call-with-invalid-batch': ((
        ('[1,2,3]', [error(INVALID_REQUEST, None)] * 3),
    ), []),
    'rpc-call-batch': ((
        ('''[
        {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
        {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
    ]''', [
        result(7, '1'),
        result(19, '2'),
        error(INVALID_REQUEST, None),
        error(METHOD_NOT_FOUND, '5'),
        result(['hello', 5], '9'),
    ]),
    ), ['notify_hello 7']),
    'rpc-call-batch-all-notifications': ((
        ('''[
        {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
    ]''', None),
    ), ['notify_sum 1 2 4', 'notify_hello 7']),
}


def without_message(answer):
    """@answer, of which the message of an error is looked at and left out."""
    if 'error' not in answer:
        return answer
    message = answer['error'].pop('message')
    assert isinstance(message, str) and message and '\n' not in message, message
    return answer


def in_order(answer):
    return json.dumps(answer, sort_keys=True)


def normal(heard):
    """What the specification leaves open is taken out: the order of a batch, the texts of errors."""
    if isinstance(heard, list):
        return sorted((without_message(answer) for answer in heard), key=in_order)
    return without_message(heard)


def follow(peer, steps, written):
    for said, heard in steps:
        peer.say(said.replace('\n', '') if type(peer) is Lines else said)
        if heard is not None:
            answer = normal(json.loads(peer.hear()))
            equal(answer, sorted(heard, key=in_order) if isinstance(heard, list) else heard)
        # what comes next is an answer to this: nothing else was said
        equal(peer.ask('{"jsonrpc": "2.0", "method": "rpc.ping", "id": "fence"}'), result(None, 'fence'))
    equal(peer.ask('{"jsonrpc": "2.0", "method": "written", "id": 1}'), result(written, 1))


def example(program, steps, written):
    def test():
        with Server(program) as server:
            for framing in (Headers, Lines):
                for transport in ('tcp', 'unix'):
                    with server.connect(transport) as connection:
                        follow(framing(connection), steps, written)
    return test


if __name__ == '__main__':
    run('specification', {promise: example(sys.argv[1], *parts) for promise, parts in EXAMPLES.items()})
