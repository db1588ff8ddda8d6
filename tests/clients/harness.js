/* tests/clients/harness.js: a server of this library to call, and a test point for each promise to its clients
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage of each test: node test-CLIENT.js SERVER
 */
'use strict';

const {spawn} = require('child_process');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const readline = require('readline');

const WAIT_MS = 30000;

/* The package, as ./setup installs it. Without it there is nothing to test. */
function load(name) {
    try {
        return require(name);
    } catch (error) {
        if (error.code !== 'MODULE_NOT_FOUND')
            throw error;
        console.log(`1..0 # SKIP ${name} is not installed: run ./setup`);
        return process.exit(0);
    }
}

/* Fails if @promise takes too long. */
function within(promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: nothing within ${WAIT_MS} ms`)), WAIT_MS);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/* Asks until the answer pleases. */
async function until(ask, pleases) {
    const end = Date.now() + WAIT_MS;
    for (;;) {
        const answer = await ask();
        if (pleases(answer))
            return answer;
        if (Date.now() > end)
            throw new Error(`still ${JSON.stringify(answer)}`);
    }
}

/* What the server of one test says, and where it listens; ended by end(). */
class Server {
    static async start() {
        const self = new Server();
        self.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rmi-'));
        self.process = spawn(process.argv[2], [path.join(self.folder, 's')], {stdio: ['pipe', 'pipe', 'inherit']});
        self.exited = new Promise(resolve => self.process.on('exit', (code, signal) => resolve(code ?? signal)));
        const lines = readline.createInterface({input: self.process.stdout})[Symbol.asyncIterator]();
        const [, host, port] = (await within(lines.next(), 'start')).value.match(/^rmi:\/\/(.*):(\d+)$/);
        await within(lines.next(), 'start');
        self.addresses = {tcp: {host, port: Number(port)}, unix: {path: path.join(self.folder, 's')}};
        self.sockets = [];
        return self;
    }

    /* A socket to the server, destroyed at the end. */
    connect(transport) {
        const socket = net.connect(this.addresses[transport]);
        socket.on('error', () => {});
        this.sockets.push(socket);
        return socket;
    }

    /* The server must end as it should: its sanitizers look at what is left then. */
    async end() {
        this.sockets.forEach(socket => socket.destroy());
        this.process.stdin.end();
        const status = await within(this.exited, 'end').catch(() => this.process.kill('SIGKILL'));
        fs.rmSync(this.folder, {recursive: true});
        if (status !== 0)
            throw new Error(`the server ended with ${status}`);
    }
}

async function runOne(test, transport) {
    const server = await Server.start();
    try {
        await within(test(server, transport), 'test');
    } catch (error) {
        error.message = `${transport}: ${error.message}`;
        await server.end().catch(() => {});
        throw error;
    }
    await server.end();
}

/* Each test: promise → async function of a server and a transport. */
async function run(client, tests) {
    let number = 0;
    let failed = 0;
    console.log(`1..${Object.keys(tests).length}`);
    for (const [promise, test] of Object.entries(tests)) {
        number++;
        try {
            for (const transport of ['tcp', 'unix'])
                await runOne(test, transport);
            console.log(`ok ${number} /rmi/clients/${client}/${promise}`);
        } catch (error) {
            failed++;
            console.log(`not ok ${number} /rmi/clients/${client}/${promise}`);
            console.log(`# ${error.stack.replaceAll('\n', '\n# ')}`);
        }
    }
    process.exit(failed ? 1 : 0);
}

module.exports = {load, run, until};
