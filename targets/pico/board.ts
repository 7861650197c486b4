import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BoardKind } from '../../src/runtime/board-kind.js';

/** From the sources as well as from the build. */
const root = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url);
export const shippedFirmware = fileURLToPath(new URL('targets/pico/engram-pico.uf2', root));

/** The chip in rp2040js, with the contents of that file in flash. */
export function emulatedPico(uf2 = shippedFirmware): BoardKind {
  return {
    name: 'pico-emulated',
    title: 'the firmware on an RP2040, emulated instruction by instruction',
    target: 'pico',
    unavailable: async () => (existsSync(uf2) ? null : `${uf2} is missing: npm run firmware -- pico`),
    async start({ serial, signal } = {}) {
      signal?.throwIfAborted();
      const { EmulatedPico } = await import('./emulated-pico.js');
      const pico = await EmulatedPico.start({ uf2, ...(serial === undefined ? {} : { serial }) });
      try {
        await pico.ready();
        return pico;
      } catch (error) {
        await pico.close().catch(() => {});
        throw error;
      }
    },
  };
}

export const boardKinds: readonly BoardKind[] = [emulatedPico()];
