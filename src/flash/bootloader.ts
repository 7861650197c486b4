import { EngramError } from '../errors/engram-error.js';
import { copyToDrive, findDrives } from './bootsel-drive.js';
import { wholeSectors } from './flash-pages.js';
import { Picoboot } from './picoboot.js';
import { picobootIds } from './picoboot-command.js';
import { writeUf2 } from './uf2.js';
import { type WriteOptions, writeByPicoboot } from './write-picoboot.js';

export type FlashMethod = 'drive' | 'picoboot';

/** A board in its boot ROM, by one of the two ways it offers. */
export interface Bootloader {
  readonly method: FlashMethod;
  /** Serial number on USB, or path of the drive. */
  readonly name: string;
  /** Writes pages and starts the board. Throws E0603, E0104, E1104, E1105. */
  write(pages: ReadonlyMap<number, Uint8Array<ArrayBuffer>>, options?: WriteOptions): Promise<void>;
}

export function driveBootloader(folder: string, familyId: number): Bootloader {
  return {
    method: 'drive',
    name: folder,
    async write(pages, options) {
      await copyToDrive(folder, writeUf2(wholeSectors(pages), familyId), options);
    },
  };
}

export function picobootBootloader(device: USBDevice): Bootloader {
  return {
    method: 'picoboot',
    name: device.serialNumber ?? 'USB 2e8a:0003',
    async write(pages, options) {
      const picoboot = await Picoboot.open(device);
      try {
        await writeByPicoboot(picoboot, pages, options);
        await picoboot.reboot();
      } catch (error) {
        // Gives the drive back, which may be the next to be tried.
        await picoboot.reset().catch(() => {});
        throw error;
      } finally {
        await picoboot.close();
      }
    },
  };
}

/** Boards in their boot ROM on this machine, PICOBOOT first: it reads back what it wrote. Never fails. */
export async function findBootloaders(familyId: number): Promise<Bootloader[]> {
  const [devices, drives] = await Promise.all([picobootDevices(), findDrives()]);
  return [...devices.map(picobootBootloader), ...drives.map((folder) => driveBootloader(folder, familyId))];
}

async function picobootDevices(): Promise<USBDevice[]> {
  try {
    const { usb } = await import('usb');
    const devices = (await usb.getDevices()) as unknown as USBDevice[];
    return devices.filter(
      ({ vendorId, productId }) => vendorId === picobootIds.vendorId && productId === picobootIds.productId,
    );
  } catch {
    // No USB on this machine at all.
    return [];
  }
}

/**
 * The one to use: of the method asked for, else PICOBOOT where there is it. Null if there is none. Throws E0602 if
 * several boards wait in their boot ROM.
 */
export function chooseBootloader(
  found: readonly Bootloader[],
  method: FlashMethod | 'auto',
): Bootloader | null {
  for (const wanted of method === 'auto' ? (['picoboot', 'drive'] as const) : [method]) {
    const candidates = found.filter((bootloader) => bootloader.method === wanted);
    if (candidates.length > 1)
      throw new EngramError('E0602', `${candidates.length} boards wait in their bootloader`, {
        facts: [['boards', candidates.map(({ name }) => name).join(', ')]],
        fix: ['unplug all but the one to be flashed'],
      });
    if (candidates[0]) return candidates[0];
  }
  return null;
}
