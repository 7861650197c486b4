import { describe, expect, test } from 'vitest';
import { picobootBootloader } from './bootloader.js';
import { pagesOf } from './flash-pages.js';
import { leftOver } from './left-over.testing.js';
import { NorFlash } from './nor-flash.js';
import { Picoboot } from './picoboot.js';
import { PicobootDevice, type PicobootFaults } from './picoboot-device.js';
import { bootSector, writeByPicoboot } from './write-picoboot.js';

const flashBytes = 128 * 1024;

/** 20 000 bytes at the start of flash, 5000 further up. */
const wanted = [
  { address: bootSector, bytes: Uint8Array.from({ length: 20_000 }, (_, n) => n * 7 + 1) },
  { address: bootSector + 0x10000, bytes: Uint8Array.from({ length: 5000 }, (_, n) => n * 11 + 3) },
];
const pages = pagesOf(wanted);

function expectWritten(flash: NorFlash) {
  for (const { address, bytes } of wanted)
    expect(Buffer.from(flash.at(address, bytes.length))).toEqual(Buffer.from(bytes));
}

function device(faults: PicobootFaults = {}, flash = new NorFlash(flashBytes, leftOver)) {
  return { flash, usb: new PicobootDevice(flash, faults) };
}

test('flash holds what was wanted, and nothing else was touched; then the board starts', async () => {
  const { flash, usb } = device();
  const before = flash.bytes.slice();
  let rebooted = 0;
  usb.onReboot = () => rebooted++;
  const progress: number[] = [];
  await picobootBootloader(usb).write(pages, { onProgress: (done) => progress.push(done) });
  expectWritten(flash);
  expect(rebooted).toBe(1);
  expect(usb.complaints).toEqual([]);
  expect(usb.opened).toBe(false);
  // 20 000 bytes are five sectors, 5000 two.
  const untouched = (from: number, to: number) =>
    expect(Buffer.from(flash.bytes.slice(from, to))).toEqual(Buffer.from(before.slice(from, to)));
  untouched(0x5000, 0x10000);
  untouched(0x12000, flashBytes);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
});

test('sectors that hold the right bytes are left alone', async () => {
  const { flash, usb } = device();
  await picobootBootloader(usb).write(pages);
  const again = new PicobootDevice(flash);
  await picobootBootloader(again).write(pages);
  expect(again.erases).toBe(0);
  flash.bytes[0x10001]! ^= 0x10;
  const repair = new PicobootDevice(flash);
  await picobootBootloader(repair).write(pages);
  expectWritten(flash);
  // The broken sector; the boot sector at the start and at the end.
  expect(repair.erases).toBe(3);
});

test('whenever the cable is pulled, the board finds either no program or a whole one, and a second try succeeds', async () => {
  const few = pagesOf([{ address: bootSector, bytes: wanted[0]!.bytes.subarray(0, 9000) }]);
  const expectWhole = (flash: NorFlash) =>
    expect(Buffer.from(flash.at(bootSector, 9000))).toEqual(Buffer.from(wanted[0]!.bytes.subarray(0, 9000)));
  for (let unplugAt = 1; ; unplugAt++) {
    const { flash, usb } = device({ unplugAt }, new NorFlash(0x4000, leftOver));
    const failed = await picobootBootloader(usb)
      .write(few)
      .then(
        () => null,
        (error) => error,
      );
    if (failed === null) {
      expect(unplugAt).toBeGreaterThan(40);
      break;
    }
    expect(['E1104', 'E0603'], failed.message).toContain(failed.code);
    expect(failed.fix.length).toBeGreaterThan(0);
    const first = flash.bytes[0];
    // Old and untouched; erased, so that the boot ROM starts; or all there.
    if (first === leftOver(0)) expect(flash.bytes.every((byte, n) => byte === leftOver(n))).toBe(true);
    else if (first !== 0xff) expectWhole(flash);
    await picobootBootloader(new PicobootDevice(flash)).write(few);
    expectWhole(flash);
  }
});

describe('what goes wrong is named', () => {
  test('a worn cell: E1105 with its address', async () => {
    const worn = bootSector + 0x10000 + 4;
    const { usb } = device({ worn });
    await expect(picobootBootloader(usb).write(pages)).rejects.toMatchObject({
      code: 'E1105',
      context: { address: worn },
    });
    expect(usb.opened).toBe(false);
  });

  test('a short read: E1104', async () => {
    const { usb } = device({ shortRead: { at: 3, bytes: 1000 } });
    await expect(picobootBootloader(usb).write(pages)).rejects.toMatchObject({
      code: 'E1104',
      context: { command: 'read' },
    });
  });

  test('not permitted: E0603 names the rule', async () => {
    const { usb } = device({ denied: true });
    const error = await picobootBootloader(usb)
      .write(pages)
      .catch((caught) => caught);
    expect(error.code).toBe('E0603');
    expect(error.fix.join()).toContain('--print-udev');
  });

  test('aborted: E0104; the board stays in its bootloader, and its drive takes files again', async () => {
    const { usb } = device();
    let rebooted = false;
    usb.onReboot = () => {
      rebooted = true;
    };
    const stop = new AbortController();
    const onProgress = (done: number) => done > 0.5 && stop.abort();
    await expect(
      picobootBootloader(usb).write(pages, { signal: stop.signal, onProgress }),
    ).rejects.toMatchObject({
      code: 'E0104',
    });
    expect(rebooted).toBe(false);
    expect(usb.exclusive).toBe(false);
    expect(usb.opened).toBe(false);
  });

  test.each([
    [
      'write outside flash',
      (p: Picoboot) => p.write(0x30000000, new Uint8Array(256)),
      'address outside flash',
    ],
    ['write off a page', (p: Picoboot) => p.write(bootSector + 1, new Uint8Array(256)), 'not aligned'],
    ['read off a page', (p: Picoboot) => p.read(bootSector + 8, 64), 'not aligned'],
  ])('%s: the reason of the boot ROM, and the next command works', async (_, run, reason) => {
    const { usb } = device();
    const picoboot = await Picoboot.open(usb);
    await picoboot.exitXip();
    const error = await run(picoboot).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'E1104' });
    expect(error.message).toContain(reason);
    expect((await picoboot.read(bootSector, 256)).length).toBe(256);
  });

  test('without exclusive access a write by the drive in between stops it; with it, it does not', async () => {
    const bytes = new Uint8Array(256);
    const shared = device({ driveWriteAt: 1 });
    const alone = await Picoboot.open(shared.usb);
    await alone.exitXip();
    await expect(alone.write(bootSector, bytes)).rejects.toThrow('drive was written to');
    const { usb, flash } = device({ driveWriteAt: 1 });
    const picoboot = await Picoboot.open(usb);
    await writeByPicoboot(picoboot, pages);
    expectWritten(flash);
  });
});

test('a board that an earlier host left stalled is brought back', async () => {
  const { flash, usb } = device({ stalled: true });
  await picobootBootloader(usb).write(pages);
  expectWritten(flash);
});
