// Preloaded into the daemon by gateway.test.ts: api.atlassian.com is the loopback named by LOOPBACK_PORT. Only the
// socket is another one; what the daemon writes into it is what it would send to Atlassian.
import { connect } from 'node:net';
import tls from 'node:tls';
import { syncBuiltinESMExports } from 'node:module';

tls.connect = (options) => {
  if (options.host !== 'api.atlassian.com') throw new Error(`no test goes to ${options.host}`);
  const socket = connect(Number(process.env.LOOPBACK_PORT), '127.0.0.1');
  socket.once('connect', () => socket.emit('secureConnect'));
  return socket;
};
syncBuiltinESMExports();
