import { EngramError } from '../../src/errors/engram-error.js';
import type { Transport, TransportHandlers } from '../../src/runtime/transport.js';
import type { PicoLink } from './link.js';

/** Bytes on their way to the board beyond which a sender waits, about what an operating system buffers. */
const roomBytes = 16 * 1024;

/** The serial port of the board, opened. Throws E0603. */
export async function openCdc(link: PicoLink, baudRate = 921_600): Promise<Transport> {
  try {
    await link.call({ kind: 'cdc-open', baudRate });
  } catch (cause) {
    throw new EngramError(
      'E0603',
      `cannot open the serial port of the emulated board: ${(cause as Error).message}`,
      {
        fix: ['start the board again'],
        cause,
      },
    );
  }
  const { number } = link.device ?? { number: -1 };
  let handlers: TransportHandlers | null = null;
  let under = 0;
  let open = true;
  const waiting: (() => void)[] = [];
  const release = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const early: Uint8Array[] = [];
  link.onBytes = (bytes) => {
    if (handlers) handlers.receive(bytes);
    else early.push(bytes);
    link.send({ kind: 'cdc-taken', bytes: bytes.length });
  };
  link.onSent = (bytes) => {
    under -= bytes;
    if (under < roomBytes) release();
  };
  const finish = (reason: Error | null) => {
    if (!open) return;
    open = false;
    endListening();
    link.onBytes = () => {};
    link.onSent = () => {};
    release();
    handlers?.closed(reason);
  };
  const endListening = link.onChange(() => {
    if (link.device?.number !== number) finish(new Error('the board has left the bus'));
  });
  return {
    info: { kind: 'emulated', name: 'Raspberry Pi Pico, emulated' },
    start(given) {
      handlers = given;
      for (const bytes of early.splice(0)) given.receive(bytes);
      if (!open) given.closed(new Error('the board has left the bus'));
    },
    async send(bytes) {
      if (!open || bytes.length === 0) return;
      under += bytes.length;
      link.send({ kind: 'cdc-out', bytes: bytes.slice() });
      if (under >= roomBytes) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async close() {
      if (!open) return;
      finish(null);
      await link.call({ kind: 'cdc-close' }).catch(() => {});
    },
  };
}
