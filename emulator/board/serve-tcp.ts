import { type AddressInfo, createServer, type Socket } from 'node:net';
import { EngramError } from '../../src/errors/engram-error.js';
import type { Connectable } from './connectable.js';

export interface ServedTcp {
  /** Port of 127.0.0.1 at which the board listens. */
  readonly port: number;
  /** Cuts all connections and stops listening; the board keeps its state. */
  close(): Promise<void>;
}

/**
 * Offers a board on a TCP port of this machine only (127.0.0.1); 0 takes any free one. Hosts come and go; the
 * latest has the board. Throws E0603 if the port is taken or not permitted.
 */
export async function serveTcp(board: Connectable, port = 0): Promise<ServedTcp> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const connection = board.connect((bytes) => {
      if (socket.writable) socket.write(bytes);
    });
    socket.on('data', (data) => connection.receive(data));
    // 'close' follows; a host that vanished is no fault of the board.
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      connection.close();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function cannotListen(port: number, cause: Error): EngramError {
  return new EngramError('E0603', `cannot listen on 127.0.0.1:${port}: ${cause.message}`, {
    fix: ['let the system choose a free port: --tcp 0'],
    cause,
  });
}
