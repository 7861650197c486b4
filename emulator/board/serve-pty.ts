import { write, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { EngramError } from '../../src/errors/engram-error.js';
import type { Connectable } from './connectable.js';

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
  const writer = new PtyWriter(master);
  const connection = board.connect((bytes) => writer.write(bytes));
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

/** Tries, each by a thread, before a timer is waited for: a reader at work makes room sooner than that. */
const quickTries = 16;

/**
 * Writes in order, without ever blocking: where the terminal is full it tries again a little later. The descriptor does
 * not block, so the first try is made at once; a thread would cost more than the write.
 */
class PtyWriter {
  readonly #fd: number;
  readonly #queue: Uint8Array[] = [];
  #tries = 0;
  #waiting = false;
  #closed = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    if (!this.#waiting) this.#next();
  }

  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
  }

  #next(): void {
    while (this.#queue.length > 0 && !this.#closed && !this.#waiting) {
      try {
        this.#written(writeSync(this.#fd, this.#queue[0]!));
      } catch (error) {
        this.#failed(error as NodeJS.ErrnoException);
      }
    }
  }

  #written(count: number): void {
    const [bytes] = this.#queue;
    this.#tries = 0;
    if (count < bytes!.length) this.#queue[0] = bytes!.subarray(count);
    else this.#queue.shift();
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#closed) return;
    if (error.code !== 'EAGAIN') return this.close();
    this.#waiting = true;
    if (this.#tries++ >= quickTries) setTimeout(() => this.#again(null, 0), 1);
    else write(this.#fd, this.#queue[0]!, (failure, count) => this.#again(failure, count));
  }

  #again(failure: NodeJS.ErrnoException | null, count: number): void {
    this.#waiting = false;
    if (this.#closed) return;
    if (failure) return this.#failed(failure);
    if (count > 0) this.#written(count);
    this.#next();
  }
}
