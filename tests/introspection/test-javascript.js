/* tests/introspection/test-javascript.js: the library in JavaScript, against an object implemented in Python
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: test-javascript.js COUNTER_SERVER REGISTRY_PROGRAM
 */
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Json from 'gi://Json';
import Rmi from 'gi://Rmi?version=1.0';
import System from 'system';
import TestCounter from 'gi://TestCounter?version=1.0';

const WAIT_S = 20;
const [SERVER, REGISTRY_PROGRAM] = ARGV;

/* Starts a server; the process, and the first line it prints, when it is ready. */
function start(...command) {
    const process = Gio.Subprocess.new(command, Gio.SubprocessFlags.STDOUT_PIPE);
    const lines = new Gio.DataInputStream({base_stream: process.get_stdout_pipe()});
    return [process, lines.read_line_utf8(null)[0]];
}

function check(condition, what) {
    if (!condition)
        throw new Error(what);
}

/* Runs the main loop until condition() is true. */
function until(condition) {
    const deadline = GLib.get_monotonic_time() + WAIT_S * 1000000;
    GLib.timeout_add(GLib.PRIORITY_DEFAULT, 100, () => !condition());
    while (!condition()) {
        check(GLib.get_monotonic_time() < deadline, 'it did not happen');
        GLib.MainContext.default().iteration(true);
    }
}

function step(amount, label = 'on') {
    return new TestCounter.Step({label, amount});
}

function fails(domain, code, run) {
    try {
        run();
    } catch (error) {
        check(error.matches && error.matches(domain, code), `${error}`);
        return error;
    }
    throw new Error('it did not fail');
}

const Local = GObject.registerClass({
    Implements: [TestCounter.Counter],
    Properties: {'total': GObject.ParamSpec.override('total', TestCounter.Counter)},
}, class Local extends GObject.Object {
    get total() {
        return 42;
    }
});

const tests = {
    'a blocking call reaches a program in another language': ({counter}) => {
        const [ok, total] = counter.add(step(5), null);
        check(ok && total === 5, `${total}`);
        check(counter.describe('at', null) === 'at 5', 'describe');
    },
    'an asynchronous call completes in the main loop': ({counter}) => {
        let answer = null;
        counter.describe_async('now', null, (source, result) => {
            answer = source.describe_finish(result);
        });
        check(answer === null, 'too early');
        until(() => answer !== null);
        check(answer === 'now 5', answer);
    },
    'a declared error arrives as itself': ({counter}) => {
        const error = fails(TestCounter.Error, TestCounter.Error.TOO_FAR, () => counter.add(step(5000), null));
        check(error.message === 'Nobody counts that far', error.message);
    },
    'signals and properties arrive': ({counter}) => {
        const heard = [];
        counter.connect('counted', (_counter, label, total) => heard.push(`${label} ${total}`));
        counter.add(step(2, 'zwölf'), null);
        until(() => heard.length > 0 && counter.total === 7);
        check(heard.join() === 'zwölf 7', heard.join());
    },
    'an object comes back by reference': ({counter}) => {
        check(counter.fork(null).add(step(1), null)[1] === 8, 'fork');
        check(counter.describe('still', null) === 'still 7', 'still');
    },
    'a call without generated code takes a variant': ({dynamic}) => {
        const [answer, objects] = dynamic.call('Describe', new GLib.Variant('(s)', ['by variant']), null, null);
        check(answer.deepUnpack()[0] === 'by variant 7', answer.print(false));
        check(objects.length === 0, `${objects}`);
    },
    'an object comes back without generated code': ({dynamic}) => {
        const [answer, objects] = dynamic.call('Fork', null, null, null);
        const fork = objects[answer.deepUnpack()[0]];
        const values = {label: new GLib.Variant('s', 'on'), amount: new GLib.Variant('u', 3)};
        check(fork.call('Add', new GLib.Variant('(a{sv})', [values]), null, null)[0].deepUnpack()[0] === 10, 'Add');
    },
    'signals and properties arrive without generated code': ({counter, dynamic}) => {
        const heard = [];
        dynamic.connect('rmi-signal::Counted', (_stub, member, args) => heard.push(`${member} ${args.print(false)}`));
        dynamic.connect('rmi-value-changed::Total', (_stub, name) => heard.push(name));
        check(dynamic.get_cached_value('Total')[0].deepUnpack() === 7, 'cached');
        counter.add(step(0, 'null'), null);
        until(() => heard.length === 2);
        check(heard.sort().join() === "Counted ('null', 7),Total", heard.join());
        check(dynamic.get_value('Total', null)[0].deepUnpack() === 7, 'asked');
    },
    'a call without generated code takes JSON': ({stub}) => {
        const text = stub.call_json('Describe', Json.from_string('{"prefix": "by JSON"}'), null).get_string();
        check(text === 'by JSON 7', text);
    },
    'errors of the library are of its domain': ({stub, dynamic}) => {
        fails(Rmi.Error, Rmi.Error.NO_SUCH_METHOD, () => dynamic.call('Vanish', null, null, null));
        fails(Rmi.Error, Rmi.Error.INVALID_ARGUMENTS, () => stub.call_json('Describe', Json.from_string('[7]'), null));
    },
    'an object of this process is exported': ({node}) => {
        const uri = node.listen('rmi://127.0.0.1:0', null);
        const object = new Local();
        node.export('/here', object);
        check(node.get_object(`${uri}/here`, TestCounter.Counter.$gtype, null) === object, 'another one');
    },
    'names are found': ({node, counter, registry}) => {
        const naming = Rmi.Naming.open(node, registry, null);
        check(naming.lookup('counter', TestCounter.Counter.$gtype, null) === counter, 'lookup');
        check(naming.list('', null).join() === 'counter', 'list');
        fails(Rmi.Naming.error_quark(), Rmi.NamingError.NOT_FOUND, () => naming.lookup('nobody', Rmi.Stub.$gtype, null));
    },
};

const folder = GLib.Dir.make_tmp(null);
const socket = name => `rmi+unix://${GLib.Uri.escape_string(`${folder}/${name}`, null, false)}`;
const [registryProcess, registry] = start(REGISTRY_PROGRAM, '--no-user-socket', '--listen', socket('r'), '--print-address');
const [server, uri] = start('/usr/bin/python3', '-B', SERVER, socket('s'), registry);
const node = Rmi.Node.new();
const counter = node.get_object(uri, TestCounter.Counter.$gtype, null);
const stub = node.get_object(uri, Rmi.Stub.$gtype, null);
const dynamic = node.get_object(uri, Rmi.DynamicStub.$gtype, null);
let number = 0;
let failed = 0;

for (const [name, run] of Object.entries(tests)) {
    number++;
    try {
        run({node, counter, stub, dynamic, registry});
        print(`ok ${number} ${name}`);
    } catch (error) {
        failed++;
        print(`not ok ${number} ${name}\n# ${`${error}\n${error.stack}`.trim().replaceAll('\n', '\n# ')}`);
    }
}
print(`1..${number}`);
for (const process of [server, registryProcess]) {
    process.force_exit();
    process.wait(null);
}
for (const name of ['r', 's'])
    GLib.unlink(`${folder}/${name}`);
GLib.rmdir(folder);
System.exit(failed ? 1 : 0);
