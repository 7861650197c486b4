import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { familyId, makeFirmware } from '../src/flash/bench-pico.testing.js';
import { uf2File } from '../src/flash/flash-file.js';
import { picoFlash } from '../src/flash/pico-flash.js';
import { readUf2 } from '../src/flash/uf2.js';
import { readImage } from '../src/image/read.js';

/** `engram flash` as users run it; no board is attached to a machine that runs tests. */
const root = resolve(import.meta.dirname, '..');
const main = join(root, 'dist', 'src', 'cli', 'main.js');
let folder = '';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'ignore' });
  folder = mkdtempSync(join(tmpdir(), 'engram-flash-'));
  writeFileSync(join(folder, 'firmware.uf2'), uf2File(makeFirmware('2.0'), null, familyId));
  writeFileSync(join(folder, 'small.json'), JSON.stringify(small));
  writeFileSync(join(folder, 'note.txt'), 'no firmware');
  engram('compile', 'small.json', '-o', 'small.engram');
  engram('compile', 'small.json', '-o', 'other.engram', '--target', 'netduinoplus2');
});

function engram(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

const small = {
  engram: 1,
  name: 'small',
  populations: {
    in: { model: 'input', size: 4 },
    out: { model: 'lif', size: 2, tauMembrane: '20 ms', threshold: 1 },
  },
  projections: { 'in-out': { from: 'in', to: 'out', connect: 'all-to-all', weight: 0.6 } },
};

describe('--out', () => {
  test.each([['small.engram'], ['small.json']])('firmware and %s in one UF2 file', (image) => {
    const { status, stdout, stderr } = engram(
      'flash',
      image,
      '--firmware',
      'firmware.uf2',
      '--out',
      'both.uf2',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('wrote both.uf2');
    expect(stderr).toContain('RPI-RP2');
    const { familyId: family, pieces } = readUf2(readFileSync(join(folder, 'both.uf2')));
    expect(family).toBe(familyId);
    const at = (address: number) => pieces.find((piece) => piece.address === address)?.bytes;
    const stored = at(picoFlash.imageA.start)!;
    const wanted = readImage(readFileSync(join(folder, 'small.engram')));
    expect(readImage(stored.subarray(0, readFileSync(join(folder, 'small.engram')).length)).contentHash).toBe(
      wanted.contentHash,
    );
    expect(at(picoFlash.stateA.start)).toBeDefined();
    expect(at(picoFlash.firmware.start)).toBeDefined();
  });

  test('an image alone, as JSON', () => {
    const { status, stdout } = engram(
      '--json',
      'flash',
      'small.engram',
      '--image-only',
      '--out',
      'image.uf2',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, output: 'image.uf2' });
    const { pieces } = readUf2(readFileSync(join(folder, 'image.uf2')));
    expect(Math.min(...pieces.map(({ address }) => address))).toBe(picoFlash.imageA.start);
  });
});

describe('--board pico-emulated', () => {
  test('flashes the shipped firmware and an image onto a board from the factory', () => {
    const { status, stdout, stderr } = engram('--json', 'flash', 'small.engram', '--board', 'pico-emulated');
    expect(status, stderr).toBe(0);
    const { contentHash } = readImage(readFileSync(join(folder, 'small.engram')));
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, firmwareWritten: true, imageHash: contentHash });
    expect(stderr).toContain('board and emulator agree');
  });
});

describe('what goes wrong', () => {
  test.each([
    [['--method', 'magic'], 2, 'picoboot'],
    [['--image-only'], 2, 'E0101'],
    [['small.engram', '--image-only', '--board', 'pico-emulated'], 2, 'E0101'],
    [['--target', 'netduinoplus2', '--board', 'pico-emulated'], 2, 'E0101'],
    [['small.engram', '--firmware-only'], 2, 'E0101'],
    [['small.engram', '--image-only', '--firmware', 'firmware.uf2'], 2, 'E0101'],
    [['--target', 'nonsense'], 2, 'E0402'],
    [['missing.engram'], 3, 'E0102'],
    [['--firmware', 'missing.uf2'], 3, 'E0102'],
    [['--firmware', 'note.txt'], 3, 'E1102'],
    [['other.engram', '--image-only'], 9, 'E0504'],
    [['--target', 'netduinoplus2'], 9, 'dfu-util -a 0 -s 0x08000000:leave -D'],
    [['--target', 'manycore'], 9, 'E1106'],
    [['other.engram', '--target', 'netduinoplus2', '--out', 'x.bin'], 9, 'E1106'],
    [['--firmware', 'firmware.uf2', '--port', '/dev/does-not-exist'], 5, 'E0604'],
  ] as const)('%s', (args, exit, text) => {
    const { status, stderr } = engram('flash', ...args);
    expect(stderr).toContain(text);
    expect(status, stderr).toBe(exit);
    expect(stderr).not.toContain('    at ');
    expect(existsSync(join(folder, 'x.bin'))).toBe(false);
  });
});

test('--print-udev prints the rule on stdout and what to do with it on stderr', () => {
  const { status, stdout, stderr } = engram('flash', '--print-udev');
  expect(status).toBe(0);
  expect(stdout).toContain('ATTRS{idVendor}=="2e8a", ATTRS{idProduct}=="0003", MODE="0660", TAG+="uaccess"');
  expect(stderr).toContain('/etc/udev/rules.d/70-engram.rules');
});
