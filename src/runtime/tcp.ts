import { connect, type Socket } from 'node:net';
import { EngramError } from '../errors/engram-error.js';
import type { Transport } from './transport.js';

/** Connects over TCP. Throws E0604 if nobody answers there. */
export async function openTcp(host: string, port: number): Promise<Transport> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect({ host, port, noDelay: true });
    opening.once('connect', () => resolve(opening));
    opening.once('error', (cause) =>
      reject(
        new EngramError('E0604', `no board answers at ${host}:${port}`, {
          facts: [['reason', cause.message]],
          fix: ['start one there: engram board --tcp PORT'],
          cause,
        }),
      ),
    );
  });
  return fromDuplex(socket, { kind: 'tcp', name: `${host}:${port}` });
}

/** A Node stream as a transport: sockets and serial ports alike. */
export function fromDuplex(
  stream: Pick<Socket, 'on' | 'write' | 'destroy'> & { destroyed?: boolean },
  info: Transport['info'],
  end: () => Promise<void> = async () => {
    stream.destroy();
  },
): Transport {
  let failure: Error | null = null;
  let closing = false;
  let open = true;
  const waiting = new Set<() => void>();
  const release = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  return {
    info,
    start({ receive, closed }) {
      stream.on('data', (data: Uint8Array) => receive(data));
      stream.on('drain', release);
      stream.on('error', (error: Error) => {
        failure = error;
      });
      stream.on('close', () => {
        open = false;
        release();
        closed(closing ? null : (failure ?? new Error('the other side closed the connection')));
      });
    },
    send(bytes) {
      if (!open || stream.write(bytes)) return Promise.resolve();
      return new Promise((resolve) => waiting.add(resolve));
    },
    async close() {
      closing = true;
      if (open) await end();
    },
  };
}
