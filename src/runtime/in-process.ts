import {
  type BoardConnection,
  VirtualBoard,
  type VirtualBoardOptions,
} from '../../emulator/board/virtual-board.js';
import type { Transport, TransportHandlers } from './transport.js';

/** A connection to a virtual board of this process. */
export function inProcess(board: VirtualBoard): Transport {
  let connection: BoardConnection | null = null;
  let handlers: TransportHandlers | null = null;
  return {
    info: { kind: 'in-process', name: 'virtual board' },
    start(given) {
      handlers = given;
      // What the board says while it is spoken to must not arrive before the call has returned.
      connection = board.connect((bytes) => queueMicrotask(() => handlers?.receive(bytes)));
    },
    async send(bytes) {
      connection?.receive(bytes);
    },
    async close() {
      connection?.close();
      const { closed } = handlers ?? { closed: () => {} };
      handlers = null;
      closed(null);
    },
  };
}

/**
 * A connection to a fresh virtual board of its own, which is switched off with it; `makeMachine`: what runs its images, if
 * not one thread.
 */
export function openVirtual(
  target: VirtualBoardOptions['target'],
  makeMachine?: VirtualBoardOptions['makeMachine'],
): Transport {
  const board = new VirtualBoard({ target, ...(makeMachine && { makeMachine }) });
  const transport = inProcess(board);
  return {
    ...transport,
    async close() {
      await transport.close();
      board.close();
    },
  };
}
