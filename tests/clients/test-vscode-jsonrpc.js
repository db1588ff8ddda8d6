/* tests/clients/test-vscode-jsonrpc.js: vscode-jsonrpc, which speaks with Content-Length headers, in both directions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: node test-vscode-jsonrpc.js SERVER
 */
'use strict';

const assert = require('assert');
const {load, run, until} = require('./harness.js');

const rpc = load('vscode-jsonrpc/node');

/* A connection as every user of vscode-jsonrpc makes it. */
function connect(server, transport) {
    const socket = server.connect(transport);
    const connection = rpc.createMessageConnection(new rpc.SocketMessageReader(socket),
        new rpc.SocketMessageWriter(socket));
    connection.listen();
    return connection;
}

/* vscode-jsonrpc's transport without what picks the ids. */
function connectRaw(server, transport) {
    const socket = server.connect(transport);
    const writer = new rpc.SocketMessageWriter(socket);
    const heard = [];
    let wake = () => {};
    new rpc.SocketMessageReader(socket).listen(message => {
        heard.push(message);
        wake();
    });
    return {
        socket,
        say: message => writer.write({jsonrpc: '2.0', ...message}),
        hear: async () => {
            while (heard.length === 0)
                await new Promise(resolve => (wake = resolve));
            return heard.shift();
        },
    };
}

/* The error a call ends with. */
async function failure(call) {
    const error = await call.then(() => assert.fail('it did not fail'), reason => reason);
    assert(error instanceof rpc.ResponseError, `${error}`);
    return {code: error.code, message: error.message, data: error.data};
}

const notes = connection => connection.sendRequest('/party#History');

run('vscode-jsonrpc', {
    'calls-by-position': async (server, transport) => {
        const connection = connect(server, transport);
        assert.strictEqual(await connection.sendRequest('subtract', 42, 23), 19);
        assert.strictEqual(await connection.sendRequest(new rpc.RequestType2('subtract'), 23, 42), -19);
        assert.strictEqual(await connection.sendRequest('/party#Echo', 'Grüße 😀\n'), 'Grüße 😀\n');
        assert.deepStrictEqual(await connection.sendRequest('get_data'), ['hello', 5]);
    },

    'calls-by-name': async (server, transport) => {
        const connection = connect(server, transport);
        const {byName} = rpc.ParameterStructures;
        assert.strictEqual(await connection.sendRequest('subtract', byName, {subtrahend: 23, minuend: 42}), 19);
        assert.strictEqual(await connection.sendRequest('/#subtract', {minuend: 42, subtrahend: 23}), 19);
        assert.strictEqual(await connection.sendRequest('party.Echo', {text: 'by name'}), 'by name');
    },

    'a-call-without-a-result-answers-null': async (server, transport) => {
        const connection = connect(server, transport);
        assert.strictEqual(await connection.sendRequest('/party#Tick', 0), null);
        assert.strictEqual(await connection.sendRequest('rpc.ping'), null);
    },

    'errors-have-code-message-and-data': async (server, transport) => {
        const connection = connect(server, transport);
        assert.deepStrictEqual(await failure(connection.sendRequest('/party#Fail', 'application')),
            {code: -32000, message: 'Too late for äpfel', data: {domain: 'org.rmi_glib.scenario', name: 'Tired', code: 1}});
        assert.deepStrictEqual(await failure(connection.sendRequest('/attic#Stock')),
            {code: -32001, message: 'There is no object at /attic', data: undefined});
        assert.strictEqual((await failure(connection.sendRequest('foobar'))).code, rpc.ErrorCodes.MethodNotFound);
        const {code, message} = await failure(connection.sendRequest('subtract', 42, 'x'));
        assert.strictEqual(code, rpc.ErrorCodes.InvalidParams);
        assert.match(message, /^params\[1\]/);
        assert.strictEqual(await connection.sendRequest('subtract', 3, 2), 1);
    },

    'id-0-is-an-id': async (server, transport) => {
        const {say, hear} = connectRaw(server, transport);
        say({id: 0, method: 'subtract', params: [42, 23]});
        assert.deepStrictEqual(await hear(), {jsonrpc: '2.0', id: 0, result: 19});
        say({id: 0, method: 'foobar'});
        assert.strictEqual((await hear()).id, 0);
    },

    'ids-that-are-uuids-come-back-as-they-are': async (server, transport) => {
        const {say, hear} = connectRaw(server, transport);
        const id = '123e4567-e89b-12d3-a456-426614174000';
        say({id, method: 'subtract', params: [42, 23]});
        assert.deepStrictEqual(await hear(), {jsonrpc: '2.0', id, result: 19});
        say({id: '7', method: 'foobar'});
        assert.strictEqual((await hear()).id, '7');
    },

    'a-notification-is-not-answered': async (server, transport) => {
        const {say, hear} = connectRaw(server, transport);
        say({method: 'update', params: [1, 2, 3, 4, 5]});
        say({method: 'foobar'});
        say({id: 1, method: 'written'});
        assert.deepStrictEqual(await hear(), {jsonrpc: '2.0', id: 1, result: ['update 1 2 3 4 5']});
    },

    'signals-arrive-after-subscribing': async (server, transport) => {
        const connection = connect(server, transport);
        const heard = [];
        connection.onNotification('/party!Ticked', number => heard.push(number));
        await connection.sendRequest('/party#Tick', 2);
        assert.deepStrictEqual(heard, []);
        assert.deepStrictEqual(await connection.sendRequest('/party#rpc.subscribe'), {Level: 7, Label: 'guest'});
        await connection.sendRequest('/party#Tick', 3);
        await until(() => connection.sendRequest('rpc.ping'), () => heard.length >= 3);
        assert.strictEqual(await connection.sendRequest('/party#rpc.unsubscribe'), null);
        await connection.sendRequest('/party#Tick', 2);
        await connection.sendRequest('rpc.ping');
        assert.deepStrictEqual(heard, [1, 2, 3]);
    },

    'changed-properties-arrive-after-subscribing': async (server, transport) => {
        const connection = connect(server, transport);
        const changed = new Promise(resolve => connection.onNotification('/party!rpc.changed', resolve));
        await connection.sendRequest('/party#rpc.subscribe');
        assert.strictEqual(await connection.sendRequest('/party#rpc.set', 'Level', 9), null);
        assert.deepStrictEqual(await changed, {Level: 9});
        assert.strictEqual(await connection.sendRequest('/party#rpc.get', 'Level'), 9);
    },

    'the-server-calls-an-object-of-the-client': async (server, transport) => {
        const connection = connect(server, transport);
        connection.onRequest('/cb/1#Echo', text => `client: ${text}`);
        await connection.sendRequest('/party#Keep', {party: {$ref: '/cb/1'}});
        assert.strictEqual(await connection.sendRequest('/party#AskKept', 'hä?'), 'client: hä?');
        connection.onRequest('/cb/1#Echo', async text => {
            await new Promise(resolve => setImmediate(resolve));
            return text.toUpperCase();
        });
        assert.strictEqual(await connection.sendRequest('/party#AskKept', 'later'), 'LATER');
    },

    'a-lone-reference-is-the-argument-itself': async (server, transport) => {
        const connection = connect(server, transport);
        connection.onRequest('/cb/2#Echo', text => `second: ${text}`);
        await connection.sendRequest('/party#Keep', {$ref: '/cb/2'});
        assert.strictEqual(await connection.sendRequest('/party#AskKept', 'ok'), 'second: ok');
    },

    'an-object-of-the-client-is-notified': async (server, transport) => {
        const connection = connect(server, transport);
        const heard = [];
        connection.onNotification('/cb/1#Note', text => heard.push(text));
        await connection.sendRequest('/party#Keep', {$ref: '/cb/1'});
        await connection.sendRequest('/party#TickAndNote', 2);
        await until(() => connection.sendRequest('rpc.ping'), () => heard.length >= 2);
        assert.deepStrictEqual(heard, ['note1', 'note2']);
    },

    'the-client-is-asked-for-nothing-but-calls': async (server, transport) => {
        const connection = connect(server, transport);
        const strange = [];
        connection.onRequest((method, params) => {
            strange.push(method);
            return params;
        });
        connection.onNotification(method => strange.push(method));
        connection.onRequest('/cb/1#Echo', text => text);
        await connection.sendRequest('/party#Keep', {$ref: '/cb/1'});
        await connection.sendRequest('/party#AskKept', 'plain');
        await connection.sendRequest('/party#Keep', null);
        await connection.sendRequest('rpc.ping');
        assert.deepStrictEqual(strange, []);
    },

    'an-error-of-the-client-reaches-who-asked': async (server, transport) => {
        const connection = connect(server, transport);
        connection.onRequest('/cb/1#Echo', () => new rpc.ResponseError(4711, 'Out of order', {part: 'bell'}));
        await connection.sendRequest('/party#Keep', {$ref: '/cb/1'});
        const {code, message, data} = await failure(connection.sendRequest('/party#AskKept', 'x'));
        assert.deepStrictEqual([code, message, data.code], [-32000, 'Out of order', 4711]);
        await connection.sendRequest('/party#Keep', {$ref: '/cb/nobody'});
        assert.strictEqual((await failure(connection.sendRequest('/party#AskKept', 'x'))).code, -32000);
    },

    'a-reference-of-the-server-can-be-called-until-the-client-leaves': async (server, transport) => {
        const connection = connect(server, transport);
        const {$ref} = await connection.sendRequest('/party#Make');
        assert.match($ref, /^\/~\/.{22}$/);
        assert.strictEqual(await connection.sendRequest(`${$ref}#Echo`, 'made'), 'made');
        assert.strictEqual(await connection.sendRequest('/party#IsSelf', {party: {$home: '/party'}}), true);
        const other = connect(server, transport);
        assert.strictEqual(await other.sendRequest('/party#Alive'), 2);
        assert.strictEqual((await failure(other.sendRequest(`${$ref}#Echo`, 'x'))).code, -32001);
        connection.end();
        await until(() => other.sendRequest('/party#Alive'), count => count === 1);
    },

    'cancelling-ends-a-running-call': async (server, transport) => {
        const connection = connect(server, transport);
        const source = new rpc.CancellationTokenSource();
        const waiting = failure(connection.sendRequest('/party#Wait', source.token));
        const other = connection.sendRequest('/party#Wait');
        other.catch(() => {});
        await until(() => notes(connection), lines => lines.length === 2);
        source.cancel();
        assert.strictEqual((await waiting).code, -32004);
        assert.deepStrictEqual(await notes(connection), ['waits', 'waits', 'cancelled']);
    },

    'cancelling-a-call-that-is-over-does-nothing': async (server, transport) => {
        const connection = connect(server, transport);
        const source = new rpc.CancellationTokenSource();
        assert.strictEqual(await connection.sendRequest('subtract', 42, 23, source.token), 19);
        connection.sendNotification('$/cancelRequest', {id: 0});
        connection.sendNotification('$/cancelRequest', {id: 'nobody'});
        connection.sendNotification('$/setTrace', {value: 'off'});
        assert.strictEqual(await connection.sendRequest('subtract', 23, 42), -19);
    },

    'a-hundred-calls-at-once-get-each-its-answer': async (server, transport) => {
        const connection = connect(server, transport);
        const numbers = Array.from({length: 100}, (_, i) => i);
        const answers = await Promise.all(numbers.map(i => i % 2
            ? connection.sendRequest('subtract', i, 1000)
            : connection.sendRequest('/party#Later', 'idle').then(() => i - 1000)));
        assert.deepStrictEqual(answers, numbers.map(i => i - 1000));
    },

    'megabytes-pass-in-both-directions': async (server, transport) => {
        const connection = connect(server, transport);
        const text = 'Übergröße 😀 "\\" '.repeat(50000);
        assert.strictEqual(await connection.sendRequest('/party#Echo', text), text);
    },

    'a-client-that-leaves-cancels-what-it-asked-for': async (server, transport) => {
        const {say, socket} = connectRaw(server, transport);
        const other = connect(server, transport);
        say({id: 1, method: '/party#Wait'});
        await until(() => notes(other), lines => lines.includes('waits'));
        socket.destroy();
        await until(() => notes(other), lines => lines.includes('cancelled'));
    },

    'a-client-that-leaves-in-the-middle-of-a-message-harms-nobody': async (server, transport) => {
        const other = connect(server, transport);
        const socket = server.connect(transport);
        await new Promise(resolve => socket.write('Content-Length: 5000\r\n\r\n{"jsonrpc":"2.0","id"', resolve));
        socket.destroy();
        assert.strictEqual(await other.sendRequest('subtract', 42, 23), 19);
    },
});
