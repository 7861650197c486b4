import type { Transport } from './transport.js';

/**
 * A line of little room: what goes into it comes out in order, some bytes at a turn of the event loop, cut and joined
 * anywhere. `sizes`: bytes of each piece, taken in turn.
 */
export function unevenLine(inner: Transport, sizes: readonly number[]): Transport {
  let [open, turns] = [true, 0];
  const slow = (deliver: (bytes: Uint8Array) => void) => {
    let waiting: Uint8Array = new Uint8Array(0);
    let running = false;
    const turn = () => {
      const size = Math.min(waiting.length, sizes[turns++ % sizes.length]!);
      const piece = waiting.slice(0, size);
      waiting = waiting.slice(size);
      running = waiting.length > 0;
      if (running) setImmediate(turn);
      if (open) deliver(piece);
    };
    return (bytes: Uint8Array) => {
      waiting = Buffer.concat([waiting, bytes]);
      if (!running) setImmediate(turn);
      running = true;
    };
  };
  const toBoard = slow((bytes) => void inner.send(bytes));
  return {
    info: inner.info,
    start: ({ receive, closed }) => inner.start({ receive: slow(receive), closed }),
    send: async (bytes) => toBoard(bytes),
    close: () => {
      open = false;
      return inner.close();
    },
  };
}
