import type { FlashPiece } from '../../../src/flash/flash-pages.js';
import { Pico } from './pico.js';
import { flashOf, results, type TestProgram } from './program.testing.js';

/** The breakpoint a test program ends with. */
const end = /breakpoint or an undefined instruction \(255\)/;

export function picoWith(write: (program: TestProgram) => void, extra: readonly FlashPiece[] = []): Pico {
  return new Pico({ pieces: [...flashOf(write), ...extra] });
}

/** Runs a test program to its end. Gives the first words it kept. */
export function run(pico: Pico, kept = 8): number[] {
  let words: number[] = [];
  pico.onLife = () => {};
  pico.powerOn();
  let sram: Uint8Array = new Uint8Array(0);
  pico.runFor(5e9, () => {
    if (pico.state.kind === 'running') ({ sram } = pico.life.chip);
    return pico.state.kind !== 'running';
  });
  const view = new DataView(sram.buffer, sram.byteOffset);
  words = Array.from({ length: kept }, (_, n) => view.getUint32(results - 0x20000000 + n * 4, true));
  return words;
}

/** What became of a test program: 'end', or what it ran into. */
export function outcome(pico: Pico): string {
  const { state } = pico;
  if (state.kind === 'failed') return end.test(state.fault.message) ? 'end' : state.fault.message;
  return state.kind === 'bootloader' ? `bootloader: ${state.reason}` : state.kind;
}
