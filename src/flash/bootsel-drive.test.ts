import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyToDrive, fatMounts, findDrives } from './bootsel-drive.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-drive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function drive(name: string, info: string | null): string {
  const path = join(folder, name);
  mkdirSync(path);
  if (info !== null) writeFileSync(join(path, 'INFO_UF2.TXT'), info);
  return path;
}

const rp2040 = 'UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n';

test('only drives of an RP2040 are found, each once', async () => {
  const pico = drive('RPI-RP2', rp2040);
  const others = [
    drive('stick', null),
    drive('FEATHER', 'UF2 Bootloader v3.6.0\r\nModel: Feather M0\r\nBoard-ID: SAMD21G18A-Feather-v0\r\n'),
    drive('RP2350', rp2040.replace('RPI-RP2', 'RP2350')),
    join(folder, 'not-there'),
  ];
  expect(await findDrives(async () => [pico, ...others, pico])).toEqual([pico]);
});

test('mount points of FAT volumes, with spaces in their names', () => {
  const mounts = [
    'sysfs /sys sysfs rw 0 0',
    '/dev/sda1 / ext4 rw 0 0',
    '/dev/sdb1 /media/ann/RPI-RP2 vfat rw,nosuid 0 0',
    '/dev/sdc1 /mnt/my\\040stick vfat rw 0 0',
    '',
  ].join('\n');
  expect(fatMounts(mounts)).toEqual(['/media/ann/RPI-RP2', '/mnt/my stick']);
});

test('all bytes arrive, progress rises to 1, and the drive going away is success', async () => {
  const path = drive('RPI-RP2', rp2040);
  const uf2 = Uint8Array.from({ length: 200_000 }, (_, n) => n * 3);
  const progress: number[] = [];
  let copied: Buffer | null = null;
  const left = await copyToDrive(path, uf2, {
    onProgress: (done) => {
      progress.push(done);
      if (done < 1) return;
      copied = readFileSync(join(path, 'engram.uf2'));
      rmSync(path, { recursive: true });
    },
  });
  expect(left).toBe(true);
  expect(copied).toEqual(Buffer.from(uf2));
  expect(progress.length).toBeGreaterThan(4);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
});

test('a drive that stays is told apart', async () => {
  const path = drive('RPI-RP2', rp2040);
  expect(await copyToDrive(path, new Uint8Array(512), { patience: 100 })).toBe(false);
});

test('a drive that is gone before the file is open: E1104', async () => {
  await expect(copyToDrive(join(folder, 'gone'), new Uint8Array(512))).rejects.toMatchObject({
    code: 'E1104',
  });
});

test('a drive one may not write to: E0603', async () => {
  // Nobody makes files there, whoever runs the tests.
  const closed = process.platform === 'darwin' ? '/System' : '/sys';
  await expect(copyToDrive(closed, new Uint8Array(512))).rejects.toMatchObject({ code: 'E0603' });
});

test('aborted in the middle: E0104', async () => {
  const path = drive('RPI-RP2', rp2040);
  const stop = new AbortController();
  const copy = copyToDrive(path, new Uint8Array(200_000), {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(copy).rejects.toMatchObject({ code: 'E0104' });
});
