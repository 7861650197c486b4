import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { EngramError } from '../../src/errors/engram-error.js';
import type { Connectable } from './connectable.js';
import { DescriptorWriter } from './descriptor-writer.js';

interface PtyBinding {
  open(
    columns: number,
    rows: number,
  ): { readonly master: number; readonly slave: number; readonly pty: string };
}

/**
 * Offers a board on a pseudo-terminal, which programs open like a serial port. The slave is kept open here, unread, so
 * that a host may come and go. Throws E0605 where there are no pseudo-terminals.
 */
export async function servePty(
  board: Connectable,
): Promise<{ readonly path: string; close(): Promise<void> }> {
  const { master, slave, pty } = openPair();
  // Raw, so that nothing is echoed back before a host has set the line up. Never resumed: it reads nothing.
  const slaveStream = new ReadStream(slave);
  slaveStream.setRawMode(true);
  slaveStream.pause();
  const masterStream = new ReadStream(master);
  const writer = new DescriptorWriter(() => master);
  const connection = board.connect((bytes) => void writer.write(bytes));
  masterStream.on('data', (data) => connection.receive(data as unknown as Uint8Array));
  masterStream.on('error', () => {});
  return {
    path: pty,
    async close() {
      connection.close();
      writer.close();
      slaveStream.destroy();
      masterStream.destroy();
    },
  };
}

/** The terminal library opens pairs for its own streams only; its native part gives the bare descriptors. */
function openPair(): ReturnType<PtyBinding['open']> {
  try {
    const require = createRequire(import.meta.url);
    const { requireBinary } = require('@lydell/node-pty/requireBinary.js') as {
      requireBinary(name: string): PtyBinding;
    };
    return requireBinary('pty.node').open(80, 24);
  } catch (cause) {
    throw new EngramError('E0605', `pseudo-terminals are not available here: ${(cause as Error).message}`, {
      fix: ['offer the board on TCP instead: engram board --tcp 0'],
      cause,
    });
  }
}
