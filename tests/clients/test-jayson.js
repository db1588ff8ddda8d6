/* tests/clients/test-jayson.js: jayson over TCP and Unix sockets: a line is a message, each call has a connection of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: node test-jayson.js SERVER
 */
'use strict';

const assert = require('assert');
const {load, run, until} = require('./harness.js');

const jayson = load('jayson');
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const connect = (server, transport, options = {}) => jayson.Client.tcp({...server.addresses[transport], ...options});

/* One request, or a batch of them: what was said, and the answer (undefined: the server hung up without one). */
function ask(client, ...request) {
    return new Promise((resolve, reject) => {
        const said = client.request(...request, (error, answer) => {
            if (error)
                reject(error);
            else
                resolve({said, answer});
        });
    });
}

const result = async (client, ...request) => (await ask(client, ...request)).answer.result;

run('jayson', {
    'calls-by-position': async (server, transport) => {
        const client = connect(server, transport);
        assert.strictEqual(await result(client, 'subtract', [42, 23]), 19);
        assert.strictEqual(await result(client, '/party#Echo', ['Grüße 😀\n']), 'Grüße 😀\n');
        assert.deepStrictEqual(await result(client, 'get_data', []), ['hello', 5]);
    },

    'calls-by-name': async (server, transport) => {
        const client = connect(server, transport);
        assert.strictEqual(await result(client, 'subtract', {subtrahend: 23, minuend: 42}), 19);
        assert.strictEqual(await result(client, 'party.Echo', {text: 'by name'}), 'by name');
    },

    'the-uuids-it-makes-come-back': async (server, transport) => {
        const {said, answer} = await ask(connect(server, transport), 'subtract', [42, 23]);
        assert.match(said.id, UUID);
        assert.deepStrictEqual(answer, {jsonrpc: '2.0', id: said.id, result: 19});
    },

    'ids-of-its-user-come-back': async (server, transport) => {
        const client = connect(server, transport);
        for (const id of [0, -1, 9007199254740991, '', '0', 'ä"\\']) {
            const {answer} = await ask(client, 'subtract', [42, 23], id);
            assert.deepStrictEqual(answer, {jsonrpc: '2.0', id, result: 19});
        }
    },

    'errors-have-code-message-and-data': async (server, transport) => {
        const client = connect(server, transport);
        const error = async (...request) => (await ask(client, ...request)).answer.error;
        assert.deepStrictEqual(await error('/party#Fail', ['application']),
            {code: -32000, message: 'Too late for äpfel', data: {domain: 'org.rmi_glib.scenario', name: 'Tired', code: 1}});
        assert.strictEqual((await error('foobar', [])).code, -32601);
        assert.strictEqual((await error('subtract', [1])).code, -32602);
        assert.strictEqual((await error('subtract', [1, 2, 3])).code, -32602);
        assert.strictEqual((await error('subtract', {minuend: 1, subtrahent: 2})).code, -32602);
        assert.strictEqual((await ask(client, {jsonrpc: '1.0', id: 1, method: 'subtract'})).answer.error.code, -32600);
    },

    'a-notification-runs-although-it-hangs-up-at-once': async (server, transport) => {
        const client = connect(server, transport);
        const {said} = await ask(client, 'update', [1, 2, 3, 4, 5], null);
        assert(!('id' in said));
        await until(() => result(client, 'written', []), lines => lines.join() === 'update 1 2 3 4 5');
    },

    'a-batch-is-answered-with-each-id': async (server, transport) => {
        const client = connect(server, transport);
        const batch = [
            client.request('subtract', [42, 23]),
            client.request('update', [1, 2, 3, 4, 5], null),
            client.request('/party#Echo', {text: 'batched'}),
            client.request('foobar', []),
        ];
        const {answer} = await ask(client, batch);
        assert.strictEqual(answer.length, 3);
        const byId = Object.fromEntries(answer.map(one => [one.id, one]));
        assert.strictEqual(byId[batch[0].id].result, 19);
        assert.strictEqual(byId[batch[2].id].result, 'batched');
        assert.strictEqual(byId[batch[3].id].error.code, -32601);
        assert.deepStrictEqual(await result(client, 'written', []), ['update 1 2 3 4 5']);
    },

    'an-empty-batch-is-one-error': async (server, transport) => {
        const {answer} = await ask(connect(server, transport), []);
        assert.deepStrictEqual([answer.id, answer.error.code], [null, -32600]);
    },

    'fifty-calls-at-once-get-each-its-answer': async (server, transport) => {
        const client = connect(server, transport);
        const numbers = Array.from({length: 50}, (_, i) => i);
        assert.deepStrictEqual(await Promise.all(numbers.map(i => result(client, 'subtract', [i, 1000]))),
            numbers.map(i => i - 1000));
    },

    'megabytes-pass-in-both-directions': async (server, transport) => {
        const text = 'Übergröße 😀 "\\" '.repeat(20000);
        assert.strictEqual(await result(connect(server, transport), '/party#Echo', [text]), text);
    },

    'lines-may-end-with-cr-lf': async (server, transport) => {
        const client = connect(server, transport, {delimiter: '\r\n'});
        assert.strictEqual(await result(client, 'subtract', [42, 23]), 19);
    },
});
