import type { Target } from '../compiler/target.js';
import { Board } from '../runtime/board.js';

/** Options that choose a board; every command that needs one has them. */
export interface BoardOptions {
  board: string;
  port?: string;
  tcp?: { host: string; port: number };
}

/** Connects to the board that the options name: the virtual one in this process, a serial port, or TCP. */
export async function openBoard(options: BoardOptions, target: Target, signal: AbortSignal): Promise<Board> {
  if (options.port !== undefined) {
    const { openSerial } = await import('../runtime/serial.js');
    return Board.connect(await openSerial(options.port), { signal });
  }
  if (options.tcp !== undefined) {
    const { openTcp } = await import('../runtime/tcp.js');
    return Board.connect(await openTcp(options.tcp.host, options.tcp.port), { signal });
  }
  if (options.board === 'usb') {
    const { openUsb } = await import('../runtime/usb.js');
    return Board.connect(await openUsb(), { signal });
  }
  const { openVirtual } = await import('../runtime/in-process.js');
  return Board.connect(openVirtual({ id: target.id, name: target.name }), { signal });
}
