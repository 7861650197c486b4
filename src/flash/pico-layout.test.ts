import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder } from '../compiler/package-folder.js';
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
    expect(all, `bytes of ${name}`).toContain(bytes);
  }
});
