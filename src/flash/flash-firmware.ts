import { EngramError, isEngramError } from '../errors/engram-error.js';
import { type Bootloader, chooseBootloader, type FlashMethod } from './bootloader.js';
import type { OnFlashEvent } from './flash-event.js';
import type { FlashWorld } from './flash-world.js';
import type { FlashBoard } from './upload-image.js';

export interface FirmwareWrite {
  readonly pages: ReadonlyMap<number, Uint8Array<ArrayBuffer>>;
  readonly method: FlashMethod | 'auto';
  readonly signal?: AbortSignal | undefined;
  readonly onEvent: OnFlashEvent;
}

const pollMilliseconds = 100;

/**
 * Sends a running board into its bootloader: by the protocol if it speaks it, else by a touch at 1200 baud. Ends the
 * session.
 */
export async function enterBootloader(
  world: FlashWorld,
  { port, board }: { readonly port: string; readonly board: FlashBoard | null },
  onEvent: OnFlashEvent,
): Promise<void> {
  if (board) {
    onEvent({ step: 'bootloader', how: 'request', port });
    try {
      await board.reboot('bootloader');
      return;
    } catch (error) {
      // An older firmware without the message; one that was gone before its answer got out has done it.
      if (isEngramError(error, 'E0701') || isEngramError(error, 'E0706')) return;
      if (!isEngramError(error, 'E0704') && !isEngramError(error, 'E0702')) throw error;
    } finally {
      await board.close();
    }
  }
  onEvent({ step: 'bootloader', how: 'touch', port });
  await world.touch(port);
}

/** Waits for a board in its bootloader and writes into its flash. Throws E1103, E0602, E0603, E1104, E1105, E0104. */
export async function writeFirmware(
  world: FlashWorld,
  { pages, method, signal, onEvent }: FirmwareWrite,
): Promise<void> {
  const first = await waitForBootloader(world, method, signal);
  try {
    await write(first);
  } catch (error) {
    if (method !== 'auto' || first.method !== 'picoboot' || !isEngramError(error, 'E0603')) throw error;
    onEvent({ step: 'fallback', reason: error.message });
    const drive = await waitForBootloader(world, 'drive', signal).catch((none) => {
      throw isEngramError(none, 'E1103') ? error : none;
    });
    await write(drive);
  }

  function write(bootloader: Bootloader): Promise<void> {
    const at = { step: 'write', method: bootloader.method, name: bootloader.name } as const;
    onEvent({ ...at, done: 0 });
    return bootloader.write(pages, { signal, onProgress: (done) => onEvent({ ...at, done }) });
  }
}

async function waitForBootloader(
  world: FlashWorld,
  method: FlashMethod | 'auto',
  signal: AbortSignal | undefined,
): Promise<Bootloader> {
  const end = Date.now() + world.patience;
  for (;;) {
    const found = chooseBootloader(await world.bootloaders(), method);
    if (found) return found;
    if (Date.now() > end) throw noBootloader(method);
    await pause(signal);
  }
}

/** A pause between two looks. Throws E0104. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted)
    throw new EngramError('E0104', 'flashing was interrupted', { fix: ['call engram flash again'] });
  await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
}

function noBootloader(method: FlashMethod | 'auto'): EngramError {
  const what = { auto: 'no board', drive: 'no drive RPI-RP2', picoboot: 'no board on USB' }[method];
  return new EngramError('E1103', `${what} in its bootloader`, {
    fix: [
      'hold BOOTSEL, plug the board in, let go, and call engram flash again',
      ...(method === 'picoboot' ? [] : ['without an automounter, mount the drive RPI-RP2 by hand']),
      'use a cable that carries data',
      ...(process.platform === 'linux' ? ['allow access with the rule of: engram flash --print-udev'] : []),
    ],
    context: { method },
  });
}
