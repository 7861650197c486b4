import type { BoardKind } from '../../src/runtime/board-kind.js';
import { EmulatedPico, missingFirmware, shippedFirmware } from './emulated-pico.js';

/** The chip in rp2040js, running that firmware. */
export function emulatedPico(uf2 = shippedFirmware): BoardKind {
  return {
    name: 'pico-emulated',
    title: 'the firmware on an RP2040, emulated instruction by instruction',
    target: 'pico',
    unavailable: async () => missingFirmware(uf2),
    async start({ serial, signal } = {}) {
      signal?.throwIfAborted();
      const pico = await EmulatedPico.start({ uf2, ...(serial === undefined ? {} : { serial }) });
      try {
        await pico.ready();
      } catch (error) {
        await pico.close().catch(() => {});
        throw error;
      }
      return pico;
    },
  };
}

export const boardKinds: readonly BoardKind[] = [emulatedPico()];
