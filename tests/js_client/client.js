// One Socket.IO client, told what to do by lines of JSON on its standard input, telling what happens on its output.
import { createInterface } from 'node:readline';

import { io } from 'socket.io-client';

let socket;

const tell = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

const actions = {
  connect({ url, options }, answer) {
    socket = io(url, options);
    socket.onAny((event, payload = null) => tell({ event, payload }));
    socket.on('disconnect', (reason) => tell({ event: 'disconnect', payload: reason }));
    socket.on('connect', () => tell({ event: 'connect', payload: socket.id }));
    socket.once('connect', () => answer({ result: socket.id }));
    socket.once('connect_error', ({ message, data }) => answer({ refused: { message, data } }));
  },

  emit({ event, payload }, answer) {
    socket.emit(event, ...payload, (acknowledgement = null) => answer({ result: acknowledgement }));
  },

  disconnect(_, answer) {
    socket.disconnect();
    answer({});
  },
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { number, action, ...details } = JSON.parse(line);
    actions[action](details, (answer) => tell({ number, ...answer }));
  })
  .on('close', () => process.exit());
