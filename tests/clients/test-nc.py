#!/usr/bin/python3
# tests/clients/test-nc.py: a line in, a line out: nc, and sockets used like it
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-nc.py SERVER NC"""

import json
import socket
import struct
import subprocess
import sys
import threading
import time

from harness import WAIT_S, Headers, Lines, Server, equal, run

SERVER, NC = sys.argv[1:3]
TRANSPORTS = ('tcp', 'unix')


def request(identifier, method, *params):
    return json.dumps({'jsonrpc': '2.0', 'id': identifier, 'method': method, 'params': params})


def result(identifier, value):
    return {'jsonrpc': '2.0', 'id': identifier, 'result': value}


def nc(server, transport, text):
    """What a shell's `printf … | nc -N` prints, line by line."""
    where = ['127.0.0.1', str(server.port)] if transport == 'tcp' else ['-U', server.path]
    done = subprocess.run([NC, '-N', *where], input=text.encode(), capture_output=True, timeout=WAIT_S, check=True)
    assert not done.stdout or done.stdout.endswith(b'\n'), done.stdout
    return done.stdout.decode().splitlines()


def history(server, transport):
    return json.loads(nc(server, transport, request(1, '/party#History'))[0])['result']


def until(ask, wanted):
    end = time.monotonic() + WAIT_S
    while ask() != wanted:
        assert time.monotonic() < end, f'never {wanted!r}'


def answers_a_line_with_a_line(server, transport):
    equal(nc(server, transport, '{"jsonrpc":"2.0","id":1,"method":"/party#Echo","params":["World"]}\n'),
          ['{"jsonrpc":"2.0","id":1,"result":"World"}'])
    equal(nc(server, transport, '{"jsonrpc":"2.0","id":"x","method":"subtract","params":{"subtrahend":23,"minuend":42}}\n'),
          ['{"jsonrpc":"2.0","id":"x","result":19}'])


def answers_all_lines_of_one_write_in_their_order(server, transport):
    lines = [request(number, 'subtract', number, 1) for number in range(100)]
    equal([json.loads(line) for line in nc(server, transport, '\n'.join(lines) + '\n')],
          [result(number, number - 1) for number in range(100)])


def takes_cr_lf_and_empty_lines(server, transport):
    text = f'{request(1, "subtract", 3, 2)}\r\n\r\n\n{request(2, "subtract", 4, 2)}\r\n'
    equal(nc(server, transport, text),
          ['{"jsonrpc":"2.0","id":1,"result":1}', '{"jsonrpc":"2.0","id":2,"result":2}'])


def takes_a_last_line_without_an_end(server, transport):
    equal(nc(server, transport, request(1, 'subtract', 42, 23)), ['{"jsonrpc":"2.0","id":1,"result":19}'])


def answers_later_although_the_client_says_no_more(server, transport):
    lines = nc(server, transport, f'{request(1, "/party#Later", "idle")}\n{request(2, "/party#Later", "thread")}\n'
                                  f'{request(3, "subtract", 42, 23)}\n')
    equal(sorted((json.loads(line) for line in lines), key=lambda answer: answer['id']),
          [result(1, 'later'), result(2, 'later'), result(3, 19)])


def answers_much_although_the_client_says_no_more(server, transport):
    text = 'x' * 1000000
    lines = nc(server, transport, ''.join(request(number, '/party#Echo', text) + '\n' for number in range(5)))
    equal([json.loads(line)['result'] == text for line in lines], [True] * 5)


def answers_a_batch_although_the_client_says_no_more(server, transport):
    lines = nc(server, transport, f'[{request(1, "/party#Later", "idle")},{request(2, "subtract", 42, 23)}]\n')
    equal([sorted(json.loads(line), key=lambda answer: answer['id']) for line in lines], [[result(1, 'later'), result(2, 19)]])


def fails_what_the_server_asks_of_a_client_that_says_no_more(server, transport):
    with server.connect(transport) as connection:
        peer = Lines(connection)
        peer.say(request(1, '/party#Keep', {'$ref': '/cb/1'}), request(2, '/party#AskKept', 'anybody?'))
        peer.hang_up()
        kept, asked, failed = peer.hear_all()
        equal((kept, asked['method'], asked['params']), (result(1, None), '/cb/1#Echo', ['anybody?']))
        equal((failed['id'], failed['error']['code']), (2, -32000))


def is_waited_for_no_longer_than_it_may_take(server, transport):
    """drain-s is 1: then the call is cancelled, and the connection over."""
    with server.connect(transport) as connection:
        peer = Lines(connection)
        peer.say(request(1, '/party#Wait'))
        peer.hang_up()
        equal(peer.hear_all(), [])
    equal(history(server, transport), ['waits', 'cancelled'])


def is_missed_when_it_is_gone(server, transport):
    """Unlike one that only says no more."""
    with server.connect(transport) as connection:
        peer = Lines(connection)
        peer.say(request(1, '/party#Wait'))
        until(lambda: history(server, transport), ['waits'])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))      # else TCP would not tell
    until(lambda: history(server, transport), ['waits', 'cancelled'])


def is_missed_when_it_says_no_more_with_headers(server, transport):
    """Editors die like this."""
    with server.connect(transport) as connection:
        peer = Headers(connection)
        peer.say(request(1, '/party#Wait'))
        peer.hang_up()
        equal(peer.hear_all(), [])
    equal(history(server, transport), ['waits', 'cancelled'])


def reads_on_after_what_is_no_json(server, transport):
    lines = nc(server, transport, '{"jsonrpc":"2.0","id":7,"method":}\n[1,\nhello\n' + request(8, 'subtract', 42, 23) + '\n')
    answers = [json.loads(line) for line in lines]
    equal([(answer['id'], answer.get('error', {}).get('code')) for answer in answers],
          [(7, -32700), (None, -32700), (None, -32700), (8, None)])


def hears_signals_after_subscribing(server, transport):
    lines = nc(server, transport, f'{request(1, "/party#rpc.subscribe")}\n{request(2, "/party#Tick", 2)}\n')
    equal([json.loads(line) for line in lines], [
        result(1, {'Level': 7, 'Label': 'guest'}),
        {'jsonrpc': '2.0', 'method': '/party!Ticked', 'params': [1]},
        {'jsonrpc': '2.0', 'method': '/party!Ticked', 'params': [2]},
        result(2, None)])


def is_told_nothing_by_a_batch_of_notifications(server, transport):
    equal(nc(server, transport, '[{"jsonrpc":"2.0","method":"update","params":[1,2,3,4,5]}]\n'), [])


def takes_a_line_byte_by_byte(server, transport):
    with server.connect(transport) as connection:
        peer = Lines(connection)
        for byte in peer.frame(request(1, 'subtract', 42, 23)):
            connection.sendall(bytes([byte]))
        equal(json.loads(peer.hear()), result(1, 19))


def answers_each_line_before_the_next_is_said(server, transport):
    with server.connect(transport) as connection:
        peer = Lines(connection)
        equal([peer.ask(request(number, 'subtract', number, 0)) for number in range(20)],
              [result(number, number) for number in range(20)])


def ends_after_the_last_answer(server, transport):
    """The other half of the connection is closed too, when nothing is left to say."""
    with server.connect(transport) as connection:
        peer = Lines(connection)
        peer.say(request(1, 'subtract', 42, 23))
        peer.hang_up()
        equal(peer.hear_all(), [result(1, 19)])


def is_hung_up_on_if_it_speaks_neither_framing(server, transport):
    for said in (b'POST / HTTP/1.1\r\n\r\n', b'"text"\n', b'\x16\x03\x01'):
        with server.connect(transport) as connection:
            connection.sendall(said)
            equal(connection.recv(100), b'')


# ---- batches whose answers are many bytes ----

def give(count, size):
    return '[' + ','.join(request(number, '/party#Give', size) for number in range(count)) + ']'


def is_told_which_answers_of_a_batch_were_too_many(server, transport):
    """10 answers of 40 kB where 256 KiB are allowed: what fits arrives, each other one is an error with its id."""
    for framing in (Lines, Headers):
        with server.connect(transport) as connection:
            peer = framing(connection)
            peer.say(give(10, 30000))
            text = peer.hear()
            assert len(text) <= 256 * 1024, len(text)
            answers = sorted(json.loads(text), key=lambda answer: answer['id'])
            equal([answer['id'] for answer in answers], list(range(10)))
            equal([len(answer.get('result', '')) for answer in answers], [40000] * 6 + [0] * 4)
            equal({answer['error']['code'] for answer in answers[6:]}, {-32009})
            equal({answer['error']['message'] for answer in answers[6:]},
                  {'The result cannot be sent: the answers to the batch exceed the limit of 262144 bytes (frame_bytes)'})
            equal(peer.ask(request(1, 'subtract', 42, 23)), result(1, 19))


def is_told_that_not_even_the_errors_of_a_batch_fit(server, transport):
    with server.connect(transport) as connection:
        peer = Lines(connection)
        equal(len(peer.ask('[' + ','.join(['{}'] * 10) + ']')), 10)
        answer = peer.ask('[' + ','.join(['{}'] * 100) + ']')
        equal((answer['id'], answer['error']['code']), (None, -32006))
        equal(peer.ask(request(1, 'subtract', 42, 23)), result(1, 19))


def holds_no_object_of_an_answer_that_was_not_sent(server, transport):
    with server.connect(transport) as connection:
        peer = Lines(connection)
        peer.ask('[' + ','.join([request(1, '/party#Make')] * 20 + ['{}'] * 30) + ']')
        equal(peer.ask(request(2, '/party#Alive')), result(2, 1))
        equal(len(peer.ask('[' + ','.join([request(1, '/party#Make')] * 5) + ']')), 5)
        equal(peer.ask(request(2, '/party#Alive')), result(2, 6))


# ---- many at once ----

def is_one_of_many(server, transport):
    found = {}

    def one(number):
        found[number] = nc(server, transport, request(number, 'subtract', number, 1) + '\n')

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(found, {number: [f'{{"jsonrpc":"2.0","id":{number},"result":{number - 1}}}'] for number in range(20)})


def limited(size, **others):
    settings = {'frame-bytes': size, **others}
    return [f'{profile}limit-{name}={value}' for profile in ('', 'local-') for name, value in settings.items()]


TESTS = {
    answers_a_line_with_a_line: (),
    answers_all_lines_of_one_write_in_their_order: (),
    takes_cr_lf_and_empty_lines: (),
    takes_a_last_line_without_an_end: (),
    answers_later_although_the_client_says_no_more: (),
    answers_much_although_the_client_says_no_more: (),
    answers_a_batch_although_the_client_says_no_more: (),
    fails_what_the_server_asks_of_a_client_that_says_no_more: (),
    is_waited_for_no_longer_than_it_may_take: ['limit-drain-s=1', 'local-limit-drain-s=1'],
    is_missed_when_it_is_gone: (),
    is_missed_when_it_says_no_more_with_headers: (),
    reads_on_after_what_is_no_json: (),
    hears_signals_after_subscribing: (),
    is_told_nothing_by_a_batch_of_notifications: (),
    takes_a_line_byte_by_byte: (),
    answers_each_line_before_the_next_is_said: (),
    ends_after_the_last_answer: (),
    is_hung_up_on_if_it_speaks_neither_framing: (),
    is_told_which_answers_of_a_batch_were_too_many: limited(256 * 1024),
    is_told_that_not_even_the_errors_of_a_batch_fit: limited(4096, batch=100),
    holds_no_object_of_an_answer_that_was_not_sent: limited(4096, batch=100),
    is_one_of_many: (),
}


def over_both(test, settings):
    def run_test():
        for transport in TRANSPORTS:
            with Server(SERVER, *settings) as server:
                test(server, transport)
    return run_test


if __name__ == '__main__':
    run('nc', {test.__name__.replace('_', '-'): over_both(test, settings) for test, settings in TESTS.items()})
