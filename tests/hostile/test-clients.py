# tests/hostile/test-clients.py: the programs that are shipped, against servers and registries that mean harm
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: test-clients.py GRMI [SHOP_FOLDER ORDERS]

Whatever they are told, programs end within the time they were given, with an exit status and a message that people can read.
"""

import itertools
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading

import liar
from liar import HangUp, Liar
from harness import equal, run

GRMI = sys.argv[1]
HANG_S = 15                             # less than the library's own time for hello, 20 s, and for a call, 25 s
MEMORY_KIB = 1024 * 1024
EVIL = '\x1b]0;x\x07\x1b[2J\x9b31m\x7f\r'
SANITIZER = {name: os.environ.get(name, '') + ':exitcode=99' for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS')}
UNREACHABLE, BAD_ARGUMENTS, FAILED, UNKNOWN = 2, 4, 5, 6

COMMANDS = (
    ('list',), ('list', '--long'), ('list', '--json'), ('introspect', '{}'), ('introspect', '--xml', '{}'),
    ('introspect', '--json', '{}'), ('call', '{}', 'Add', '1', '2'), ('call', 'a/one', 'Add', '1', '2'), ('get', '{}'),
    ('get', '{}', 'Level'), ('set', '{}', 'Level', '3'), ('monitor', '{}'), ('monitor',),
)


def environment(server):
    return {**os.environ, **SANITIZER, 'RMI_REGISTRY': server.uri, 'LC_ALL': 'C.UTF-8'}


def is_control(character):
    return character not in '\n\t' and (character < ' ' or '\x7f' <= character <= '\x9f')


def check(program, status, statuses, out, err):
    """What holds for each program, whoever it talked to."""
    assert status in statuses, f'{program}: exit status {status}, not of {statuses}: {err[:2000]}'
    for text in (out, err):
        assert not any(map(is_control, text)), f'{program} steers the terminal: {text[:500]!r}'
    assert status == 0 or len(err.strip()) > 10, f'{program} says nothing: {err!r}'
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert used < MEMORY_KIB, f'{program} used {used} KiB'


def grmi(server, *arguments, statuses, timeout='1'):
    """stdout and stderr."""
    command = [GRMI, '--timeout', timeout, *(argument.replace('{}', server.uri + '/thing') for argument in arguments)]
    done = subprocess.run(command, env=environment(server), capture_output=True, timeout=HANG_S, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    check(' '.join(command[1:]), done.returncode, statuses, out, err)
    return out, err


def fails(lies, statuses, word, *commands):
    """Each of @commands fails, and says @word."""
    with Liar(lies) as server:
        for command in commands:
            _, err = grmi(server, *command, statuses=statuses)
            assert word in err and err.startswith('grmi: '), f'{command}: no {word!r} in {err!r}'


def works(lies):
    with Liar(lies) as server:
        equal(grmi(server, 'call', '{}', 'Add', '1', '2', statuses=[0]), ('5\n', ''))


# ---- lies ----

def close(*_):
    raise HangUp


def silence(*_):
    pass


def text(result):
    """An answer that need not be JSON."""
    return lambda peer, request: peer.send(peer.frame('{"jsonrpc":"2.0","id":%s,"result":%s}' % (request['id'], result)))


def error(code, message, **rest):
    return lambda peer, request: peer.answer(request, error={'code': code, 'message': message, **rest})


def raw(data):
    return lambda peer, *_: peer.send(data)


def endless(peer, *_):
    """A message that never comes to its end."""
    peer.send(b'Content-Length: 4000000000\r\n\r\n')
    while True:
        peer.send(b' ' * 65536)


def flood(peer, *_):
    for number in itertools.count():
        peer.notify('/thing!Rang', [f'{number} ' + 'x' * 1000])


def interface(**changes):
    return {'interfaces': [{**liar.INTERFACE, **changes}]}


# ---- hello ----

HELLOS = (
    None, 5, 'x', [], {}, {'version': 'one', 'node': 'x'}, {'version': 0, 'node': 'x'}, {'version': 1}, {'version': 2 ** 70, 'node': 'x'},
    {'version': 1, 'node': 'x' * 100}, {'version': 1, 'node': EVIL}, {**liar.HELLO, 'limits': None}, {**liar.HELLO, 'limits': []},
    *({**liar.HELLO, 'limits': {'frame': frame, 'calls': frame}} for frame in (-1, 0, 'many', 1e300, 2 ** 64 - 1, None, [[]])),
)


def takes_any_hello():
    """None of these says that the peer is one of ours, or what it takes: it is as one that knows no hello."""
    for hello in HELLOS:
        works({'rpc.hello': hello})
    for broken in ('}{', '[' * 1000 + ']' * 1000, '{"version":1,"version":2,"node":"x"}', '"\\ud800"', '1e999'):
        works({'rpc.hello': text(broken)})
    for code in (-32601, -32602, -32000, -32005, 0):
        works({'rpc.hello': error(code, EVIL)})


def waits_for_hello_no_longer_than_told():
    works({'rpc.hello': silence})
    fails({'rpc.hello': silence}, [UNREACHABLE], 'rpc.hello', ('call', '{}', 'Echo', 'x' * 2000))


def keeps_to_the_limit_of_hello():
    fails({'rpc.hello': {**liar.HELLO, 'limits': {'frame': 0}}}, [FAILED], 'frame_bytes', ('call', '{}', 'Echo', 'x' * 2000))


# ---- silence, and the end ----

MEMBERS = ('rpc.hello', 'rpc.introspect', 'rpc.subscribe', 'rpc.get', 'rpc.get_all', 'rpc.set', 'Add', 'List', 'Lookup')


def ends_when_the_time_is_up():
    fails({member: silence for member in MEMBERS}, [UNKNOWN], 'deadline', *COMMANDS)


def says_who_hung_up():
    for member in MEMBERS[:2]:
        fails({member: close}, [UNREACHABLE, UNKNOWN], 'onnection', ('introspect', '{}'), ('call', '{}', 'Add', '1', '2'))
    for member, command in {'rpc.get': ('get', '{}', 'Level'), 'rpc.get_all': ('get', '{}'), 'rpc.set': ('set', '{}', 'Level', '1'),
                            'Add': ('call', '{}', 'Add', '1', '2'), 'List': ('list',), 'Lookup': ('call', 'a/one', 'Add', '1', '2'),
                            'rpc.subscribe': ('monitor', '{}')}.items():
        fails({member: close}, [UNREACHABLE, UNKNOWN], 'onnection', command)
    fails({'connected': close}, [UNREACHABLE, UNKNOWN], 'onnection', *COMMANDS)


def says_that_it_is_no_such_server():
    for said in (b'HTTP/1.1 400 Bad Request\r\n\r\n', b'SSH-2.0-OpenSSH_9.2\r\n', b'\0' * 5000, EVIL.encode() * 100):
        fails({'connected': raw(said)}, [UNREACHABLE, UNKNOWN], '', *COMMANDS[:7])
    fails({'Add': endless}, [UNKNOWN], 'exceeds', ('call', '{}', 'Add', '1', '2'))


# ---- answers ----

def takes_each_answer_once():
    def twice(peer, request):
        for result in (5, 6, EVIL):
            peer.answer(request, result=result)
        peer.answer(request, error={'code': 1, 'message': 'm'})

    def others(peer, request):
        for wrong in (0, -1, 2 ** 70, str(request['id']), None, [request['id']], request['id'] + 100):
            peer.answer({'id': wrong}, result=6)
        peer.answer(request, result=5)

    works({'Add': twice})
    works({'Add': others})
    fails({'Add': lambda peer, request: peer.answer({'id': 999}, result=5)}, [UNKNOWN], 'deadline', ('call', '{}', 'Add', '1', '2'))


def takes_results_up_to_the_limit():
    with Liar({'Echo': 'x' * 4000000}) as server:
        equal(len(grmi(server, 'call', '{}', 'Echo', 'x', statuses=[0], timeout='10')[0]), 4000001)
    fails({'Echo': 'x' * 5000000}, [UNKNOWN], '4194304', ('call', '{}', 'Echo', 'x'))


def shows_what_would_steer_the_terminal():
    evil_members = {member: error(-32000, EVIL, data={'domain': EVIL, 'name': EVIL, 'code': 7}) for member in MEMBERS}
    fails(evil_members, [FAILED], '\\u001b', *COMMANDS)
    evil = {'Add': EVIL, 'rpc.get': EVIL, 'rpc.get_all': {EVIL: EVIL}, 'rpc.introspect': interface(doc='\n'.join([EVIL] * 3)),
            'List': {'entries': [{'name': EVIL, 'provider': {'path': EVIL, 'endpoints': [EVIL], 'interfaces': [EVIL]}}], 'more': False}}
    with Liar(evil) as server:
        for command in COMMANDS[:10]:
            out, _ = grmi(server, *command, statuses=[0])
            assert command[0] == 'call' and out == '5\n' or '\\u001b' in out, f'{command}: {out!r}'
    with Liar({'Add': text('"\x9b31m"'), 'rpc.get_all': text('{"\x9b": "\x7f"}')}) as server:
        for command in (('call', '{}', 'Add', '1', '2'), ('call', '--json', '{}', 'Add', '1', '2'), ('get', '{}')):
            assert '\\u009b' in grmi(server, *command, statuses=[0])[0]


# ---- descriptions ----

DESCRIPTIONS = (
    None, 5, '<node><!DOCTYPE', [[]], [{}], {'interfaces': None}, {'interfaces': 'x'}, {'interfaces': [5]}, interface(name=EVIL),
    interface(name='x' * 5000), interface(methods=5), interface(methods=[{'name': EVIL}]), interface(methods=[{'name': 'A'}] * 2),
    interface(methods=[{'name': f'M{i}'} for i in range(100000)]), {'interfaces': [liar.INTERFACE] * 5000},
    interface(methods=[{'name': 'M', 'in': [{'name': 'a', 'type': 'a' * 300 + 'i'}]}]),
    interface(methods=[{'name': 'M', 'in': [{'name': 'a', 'type': '(' * 100 + 'i' + ')' * 100}]}]),
    interface(methods=[{'name': 'M', 'in': [{'name': 'a', 'type': EVIL}]}]), interface(extends='org.example.Thing'),
    interface(extends=EVIL), interface(properties=[{'name': 'Level', 'type': 'i', 'access': EVIL}]),
    interface(types={'S': {'kind': 'struct', 'fields': [{'name': 's', 'type': 'S'}]}}),
    interface(types={EVIL: {'kind': EVIL}}),
)


def refuses_broken_descriptions():
    for description in DESCRIPTIONS:
        fails({'rpc.introspect': description}, [FAILED], '', ('introspect', '{}'), ('introspect', '--xml', '{}'),
              ('call', '{}', 'Add', '1', '2'), ('call', 'a/one', 'Add', '1', '2'))
    for broken in ('{"interfaces":' * 5000 + '1' + '}' * 5000, '[' * 60 + ']' * 60):
        fails({'rpc.introspect': text(broken)}, [FAILED], '', ('introspect', '{}'), ('call', '{}', 'Add', '1', '2'))


def names_not_all_of_thousands():
    many = [{'name': f'M{i}', 'type': 'i', 'access': 'read'} for i in range(20000)]
    with Liar({'rpc.introspect': interface(properties=many)}) as server:
        _, err = grmi(server, 'set', '{}', 'Nope', '1', statuses=[3], timeout='10')
        assert 'M0, M1, ' in err and len(err) < 1200, err[-200:]
    wide = {'name': 'Wide', 'in': [{'name': f'a{i}', 'type': 'i'} for i in range(20000)]}
    with Liar({'rpc.introspect': interface(methods=[wide])}) as server:
        _, err = grmi(server, 'call', '{}', 'Wide', '1', statuses=[BAD_ARGUMENTS], timeout='10')
        assert 'takes 20000 arguments' in err and len(err) < 1200, err[-200:]


# ---- registries ----

def entries(*names):
    return [{'name': name, 'provider': {}} for name in names]


def refuses_lists_that_lie():
    lists = (None, 5, {}, {'entries': 5, 'more': True}, {'entries': [5], 'more': True}, {'entries': [{'name': 5}]}, {'entries': [{}]},
             {'entries': entries('b', 'a'), 'more': False}, {'entries': entries('a', 'a')}, {'entries': entries('a'), 'more': True},
             {'entries': [], 'more': True})
    for page in lists:
        fails({'List': page}, [FAILED], '/registry: ', *COMMANDS[:3])


def lists_without_end():
    """Ends with the time it was given, and takes no more memory than a page."""
    def pages(peer, request):
        first = int('0' + request['params'][1][1:])
        peer.answer(request, result={'entries': entries(*(f'n{first + i:09}' for i in range(1, 500))), 'more': True})

    with Liar({'List': pages}) as server:
        out, err = grmi(server, 'list', statuses=[UNKNOWN])
        assert out.startswith('n000000001\n') and 'deadline' in err, err


def refuses_providers_that_lie():
    call = ('call', 'a/one', 'Add', '1', '2')
    provider = {'endpoints': ['rmi://127.0.0.1:1'], 'path': '/thing', 'interfaces': [], 'node': 'x'}
    fails({'Lookup': provider}, [UNREACHABLE], 'a/one', call)
    for lie in (None, 5, [], {**provider, 'endpoints': 5}, {**provider, 'path': 5}, {**provider, 'interfaces': {}}):
        fails({'Lookup': lie}, [FAILED], 'registry', call)
    for lie in ({}, {**provider, 'endpoints': []}):
        fails({'Lookup': lie}, [UNREACHABLE], 'no endpoint', call)
    for endpoint in ('file:///etc/passwd', 'rmi+unix://etc', 'rmi://[', f'rmi://{EVIL}', EVIL, ''):
        fails({'Lookup': {**provider, 'endpoints': [endpoint]}}, [BAD_ARGUMENTS], 'a/one', call)
    fails({'Lookup': {**provider, 'path': EVIL}}, [BAD_ARGUMENTS], 'a/one', call)


def dials_few_of_many_endpoints():
    dialled = set()
    with socket.create_server(('', 0)) as listener:
        def accept():
            try:
                while True:
                    connection, _ = listener.accept()
                    dialled.add(connection.getsockname()[0])
                    connection.close()
            except OSError:
                pass

        threading.Thread(target=accept, daemon=True).start()
        port = listener.getsockname()[1]
        provider = {'endpoints': [f'rmi://127.0.1.{i}:{port}' for i in range(1, 100)], 'path': '/thing', 'interfaces': [], 'node': 'x'}
        closed = [f'rmi://127.0.1.{i}:1' for i in range(1, 8)]
        fails({'Lookup': {**provider, 'endpoints': closed + provider['endpoints']}}, [UNREACHABLE, UNKNOWN], 'a/one',
              ('call', 'a/one', 'Add', '1', '2'))
        listener.shutdown(socket.SHUT_RDWR)
    assert len(dialled) <= 1, dialled


# ---- events ----

def monitors_whatever_comes():
    """Events of all kinds, and then the end."""
    def ring(peer, request):
        peer.answer(request, result={})
        for method in ('/thing!Rang', f'/thing!{EVIL}', '/thing!rpc.gap', '/thing!rpc.changed', '/other!Rang', f'{EVIL}!{EVIL}'):
            for arguments in ([EVIL], {EVIL: EVIL}, None, 5, [[[[]]]]):
                peer.notify(method, arguments)
        peer.send(peer.frame('{"jsonrpc":"2.0","method":"/thing!Rang","params":["last"]}'))
        raise HangUp

    with Liar({'rpc.subscribe': ring}) as server:
        for options in ((), ('--json',)):
            out, err = grmi(server, 'monitor', '{}', *options, statuses=[UNREACHABLE, UNKNOWN])
            assert not options or all(map(json.loads, out.splitlines())), out
            assert 'onnection' in err, err


def monitors_a_flood_in_little_memory():
    with Liar({'rpc.unsubscribe': None}) as server:
        server.answers['rpc.subscribe'] = lambda peer, request: (peer.answer(request, result={}), flood(peer))
        with subprocess.Popen([GRMI, '--json', 'monitor', server.uri + '/thing'], env=environment(server), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as monitor:
            numbers = [int(json.loads(monitor.stdout.readline())['arguments'][0].split()[0]) for _ in range(20000)]
            monitor.terminate()
            out, err = monitor.communicate(timeout=HANG_S)
        equal(numbers, sorted(set(numbers)))
        check('monitor', monitor.returncode, [0], out.decode(), err.decode())


def is_flooded_and_ends_in_time():
    fails({'connected': flood}, [UNKNOWN], 'deadline', *COMMANDS[:4])


# ---- the shop ----

def shop(lies, program, *arguments):
    with Liar(lies) as server:
        provider = {'endpoints': [server.uri], 'path': '/thing', 'node': 'liar',
                    'interfaces': ['org.example.shop.' + name for name in ('Orders', 'Warehouse', 'Payment')]}
        server.answers.setdefault('Lookup', provider)
        done = subprocess.run([os.path.join(sys.argv[2], program), *arguments], env=environment(server), capture_output=True,
                              timeout=HANG_S, check=False)
        check(program, done.returncode, [1, 2], done.stdout.decode(), done.stderr.decode() + done.stdout.decode())
        return done.stdout.decode() + done.stderr.decode()


SHOP_LIES = ({'connected': close}, {'rpc.hello': close}, {'rpc.subscribe': close}, {'rpc.subscribe': error(-32000, EVIL)},
             {'connected': raw(EVIL.encode())}, {'rpc.subscribe': 5})


def serves_a_shop_at_no_such_registry():
    for lies in (*SHOP_LIES, {'Bind': close}, {'Bind': error(-32000, EVIL)}, {'Bind': endless}):
        assert 'registry' in shop(lies, 'shop-payment')


def buys_nothing_in_no_such_shop():
    with tempfile.NamedTemporaryFile('w', suffix='.csv') as few, open(sys.argv[3], encoding='utf-8') as all_orders:
        few.writelines(itertools.islice(all_orders, 6))
        few.flush()
        lies = (*SHOP_LIES, {'Lookup': close}, {'Lookup': None}, {'Lookup': error(-32000, EVIL)}, {'PlaceOrder': close},
                {'PlaceOrder': error(-32000, EVIL)}, {'PlaceOrder': EVIL}, {'PlaceOrder': endless}, {'PlaceOrder': 'x' * 5000000})
        for lie in lies:
            shop({'List': error(-32000, EVIL), **lie}, 'shop-client', few.name)


TESTS = [
    takes_any_hello, waits_for_hello_no_longer_than_told, keeps_to_the_limit_of_hello, ends_when_the_time_is_up, says_who_hung_up,
    says_that_it_is_no_such_server, takes_each_answer_once, takes_results_up_to_the_limit, shows_what_would_steer_the_terminal,
    refuses_broken_descriptions, names_not_all_of_thousands, refuses_lists_that_lie, lists_without_end, refuses_providers_that_lie, dials_few_of_many_endpoints,
    monitors_whatever_comes, monitors_a_flood_in_little_memory, is_flooded_and_ends_in_time,
]
if len(sys.argv) > 2:
    TESTS += [serves_a_shop_at_no_such_registry, buys_nothing_in_no_such_shop]
run('of-liars', {test.__name__.replace('_', '-'): test for test in TESTS})
