import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { EngramError } from '../../src/errors/engram-error.js';
import type { VirtualBoard } from './virtual-board.js';

export interface ServedPty {
  /** Path of the slave side, which a host opens like a serial port. */
  readonly path: string;
  /** Hangs up, as if the cable were pulled; the board keeps its state. */
  close(): Promise<void>;
}

interface PtyFiles {
  /** File descriptors. */
  readonly master: number;
  readonly slave: number;
  /** Path of the slave. */
  readonly pty: string;
}

/**
 * Offers a virtual board on a pseudo-terminal in raw mode. The slave is held open here, unread, so that hosts may
 * come and go without a hang-up. Throws E0605 where pseudo-terminals cannot be had.
 */
export async function servePty(board: VirtualBoard): Promise<ServedPty> {
  const { master, slave, pty: path } = openPty();
  // Only these streams set raw mode without a child process. A reading slave stream would swallow the host's bytes.
  const holder = new ReadStream(slave);
  holder.setRawMode(true);
  holder.unref();
  const wire = new ReadStream(master);
  const connection = board.connect((bytes) => {
    if (!wire.destroyed) wire.write(bytes);
  });
  wire.on('data', (data: Uint8Array) => connection.receive(data));
  wire.on('error', () => {});
  wire.on('close', () => connection.close());
  return {
    path,
    close: async () => {
      const closed = [wire, holder].map(
        (stream) => new Promise<void>((resolve) => stream.once('close', () => resolve())),
      );
      wire.destroy();
      holder.destroy();
      await Promise.all(closed);
    },
  };
}

function openPty(): PtyFiles {
  // The package's own `open` starts to read the slave at once; its binding only opens.
  const binary = `@lydell/node-pty-${process.platform}-${process.arch}/pty.node`;
  try {
    const require = createRequire(import.meta.url);
    // The binary package is a dependency of @lydell/node-pty, so it is looked up from there.
    const { open } = createRequire(require.resolve('@lydell/node-pty'))(binary) as {
      open(columns: number, rows: number): PtyFiles;
    };
    return open(80, 24);
  } catch (cause) {
    throw new EngramError('E0605', `pseudo-terminals are not available here: ${(cause as Error).message}`, {
      fix: [
        'install the optional package: npm install @lydell/node-pty',
        'or offer the board on TCP: engram board --tcp 0',
      ],
      cause,
    });
  }
}
