import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTarget } from '../compiler/load-target.js';
import { packageFolder } from '../compiler/package-folder.js';
import { slotCheckpointOffset } from '../image/slot-layout.js';
import { firmwareSources } from './firmware-manifest.js';
import { picoFlash } from './pico-flash.js';

/** Numbers in C and linker notation: 0x10040000u, 384K, 256 * 1024. */
function numbersIn(text: string): Set<number> {
  const hex = [...text.matchAll(/\b0x([0-9a-f]+)/gi)].map((match) => Number.parseInt(match[1]!, 16));
  const kilo = [...text.matchAll(/\b(\d+)\s*(?:K\b|[uU]?[lL]?\s*\*\s*1024)/g)].map(
    (match) => Number(match[1]) * 1024,
  );
  return new Set([...hex, ...kilo]);
}

test('the firmware of the Pico has its areas where flashing puts them', () => {
  const root = packageFolder();
  const script = join(root, 'targets/pico/firmware/rp2040.ld');
  const port = firmwareSources(root, 'pico').filter((file) => file.includes('targets/pico/'));
  const linked = numbersIn(readFileSync(script, 'utf8'));
  expect(linked, 'start of flash').toContain(picoFlash.firmware.start);
  expect(linked, 'bytes kept for the firmware').toContain(picoFlash.firmware.bytes);
  const all = numbersIn([script, ...port].map((file) => readFileSync(file, 'utf8')).join('\n'));
  for (const [name, { start, bytes }] of Object.entries(picoFlash)) {
    const offset = start - picoFlash.firmware.start;
    expect(all.has(start) || all.has(offset), `${name} at 0x${start.toString(16)}`).toBe(true);
    // The room for an image is a limit of the target, which the firmware's generated header has too.
    if (name.startsWith('image')) expect(bytes, name).toBe(loadTarget('pico').imageBytes);
    else expect(all, `bytes of ${name}`).toContain(bytes);
  }
});

test('the areas lie behind each other in 2 MB, and a state area holds the largest checkpoint', () => {
  let end = 0x10000000;
  for (const { start, bytes } of Object.values(picoFlash)) {
    expect(start).toBe(end);
    end = start + bytes;
  }
  expect(end).toBeLessThanOrEqual(0x10200000);
  // A plastic synapse without a tag has 2 bytes in memory and 4 in a checkpoint; nothing grows more.
  const { memoryBytes } = loadTarget('pico').perCore;
  expect(picoFlash.stateA.bytes).toBeGreaterThan(slotCheckpointOffset + 2 * memoryBytes);
});
