import { EngramError } from '../errors/engram-error.js';
import { Board } from '../runtime/board.js';
import { type KnownTarget, listPorts, type PortInfo } from '../runtime/ports.js';
import { openSerial } from '../runtime/serial.js';
import { type Bootloader, findBootloaders } from './bootloader.js';
import type { FlashBoard } from './upload-image.js';

/** What flashing needs of the machine it runs on; tests bring their own. */
export interface FlashWorld {
  ports(): Promise<PortInfo[]>;
  /** Opens a session. Throws E0603, E0604, E0702, E0703. */
  connect(path: string, signal?: AbortSignal): Promise<FlashBoard>;
  /** Asks what runs there into the bootloader the way Arduino boards take it. */
  touch(path: string): Promise<void>;
  bootloaders(): Promise<Bootloader[]>;
  /** Milliseconds to wait for the bootloader to appear, and for the board to come back. */
  readonly patience: number;
}

/** This machine: its serial ports, drives and USB devices. */
export function thisMachine(target: KnownTarget, familyId: number): FlashWorld {
  return {
    ports: () => listPorts([target]),
    connect: async (path, signal) => Board.connect(await openSerial(path), signal ? { signal } : {}),
    touch,
    bootloaders: () => findBootloaders(familyId),
    patience: 20_000,
  };
}

/** Opens and closes a port at 1200 baud. */
async function touch(path: string): Promise<void> {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate: 1200, autoOpen: false, hupcl: true });
  await new Promise<void>((resolve, reject) => {
    port.open((cause) => {
      if (!cause) return resolve();
      reject(
        new EngramError('E0603', `cannot open ${path}: ${cause.message}`, {
          fix: ['close the other program that uses it', 'plug the board in again holding BOOTSEL'],
          cause,
        }),
      );
    });
  });
  // The board may leave the bus before the port is closed; both mean that it listened.
  await new Promise<void>((resolve) => port.close(() => resolve()));
}
