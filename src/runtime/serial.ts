import { access, constants } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { DescriptorWriter } from '../../emulator/board/descriptor-writer.js';
import { EngramError } from '../errors/engram-error.js';
import { fromDuplex } from './tcp.js';
import type { Transport } from './transport.js';

/** USB serial ports ignore the rate; a UART behind a bridge is set to this. */
const baudRate = 921_600;

/** Opens a serial port or pseudo-terminal. Throws E0604 (not there) or E0603 (busy, not permitted). */
export async function openSerial(path: string): Promise<Transport> {
  await checkAccess(path);
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((cause) => (cause ? reject(cannotOpen(path, cause)) : resolve()));
  });
  const end = () => new Promise<void>((resolve) => port.close(() => resolve()));
  const transport = fromDuplex(port as unknown as Socket, { kind: 'serial', name: path }, end);
  // Only the ports of Unix are descriptors; null once closed.
  const descriptor = () => (port.port as { readonly fd?: number | null } | undefined)?.fd ?? null;
  if (process.platform === 'win32' || descriptor() === null) return transport;
  return quickToWrite(transport, new DescriptorWriter(descriptor, () => port.close()));
}

/**
 * Writes past the library, whose ports are descriptors that do not block. Its poller watches for room to write or
 * for bytes to read, not for both (bindings-cpp 13.0, `Poller::poll`): a port that is full while nothing comes is never
 * written to again. Writing at once is quicker too.
 */
function quickToWrite(transport: Transport, writer: DescriptorWriter): Transport {
  return {
    info: transport.info,
    start: ({ receive, closed }) =>
      transport.start({
        receive,
        closed: (reason) => {
          writer.close();
          closed(reason);
        },
      }),
    send: (bytes) => writer.write(bytes),
    close: () => {
      writer.close();
      return transport.close();
    },
  };
}

async function checkAccess(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (cause) {
    throw cannotOpen(path, cause as Error);
  }
}

function cannotOpen(path: string, cause: Error): EngramError {
  const text = `${(cause as NodeJS.ErrnoException).code ?? ''} ${cause.message}`;
  if (/ENOENT|No such|cannot find/i.test(text))
    return new EngramError('E0604', `there is no port ${path}`, {
      fix: ['list the ports with: engram boards --all', 'run a virtual board with: engram board --pty'],
      cause,
    });
  const permission = /EACCES|permission/i.test(text);
  return new EngramError(
    'E0603',
    `cannot open ${path}: ${permission ? 'permission denied' : cause.message}`,
    {
      fix: permission
        ? ['sudo usermod -aG dialout $USER, then log in again']
        : ['close the other program that uses it, or name another port'],
      cause,
    },
  );
}
