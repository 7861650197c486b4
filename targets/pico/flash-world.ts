import { EngramError } from '../../src/errors/engram-error.js';
import { picobootBootloader } from '../../src/flash/bootloader.js';
import type { FlashWorld } from '../../src/flash/flash-world.js';
import type { FlashBoard } from '../../src/flash/upload-image.js';
import { Board } from '../../src/runtime/board.js';
import type { EmulatedPico } from './emulated-pico.js';

/** What stands for the port of the emulated board. */
export const emulatedPort = 'pico-emulated';

/** A bench with one emulated Pico on it, for `flash`: its serial port, and its bootloader's USB device. */
export function emulatedWorld(pico: EmulatedPico): FlashWorld {
  return {
    async ports() {
      const device = pico.usbDevice();
      if (device === null) return [];
      const hex = (value: number) => value.toString(16).padStart(4, '0');
      return [
        {
          path: emulatedPort,
          vendorId: hex(device.vendorId),
          productId: hex(device.productId),
          serialNumber: device.serialNumber,
          target: 'pico',
          note: null,
          access: 'ok',
        },
      ];
    },
    async connect(path, signal) {
      if (path !== emulatedPort) throw new EngramError('E0604', `there is no port ${path}`);
      return (await Board.connect(await pico.connect(), signal ? { signal } : {})) as unknown as FlashBoard;
    },
    touch: () => pico.touch(),
    async bootloaders() {
      const device = pico.bootloader();
      return device === null ? [] : [picobootBootloader(device)];
    },
    patience: 20_000,
  };
}
