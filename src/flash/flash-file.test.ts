import { describe, expect, test } from 'vitest';
import { listTargets, loadTarget } from '../compiler/load-target.js';
import { readImage } from '../image/read.js';
import { readSlotHeader } from '../image/slot-layout.js';
import { learningImage } from '../runtime/board.testing.js';
import { familyId, makeFirmware } from './bench-pico.testing.js';
import { cannotFlash, dfuAddress } from './dfu-command.js';
import { makeElf } from './elf.testing.js';
import { binaryOf, checkFamily, readFirmware, saysOfItself } from './firmware-file.js';
import { dfuFile, uf2File } from './flash-file.js';
import { NorFlash } from './nor-flash.js';
import { imagePieces, picoFlash } from './pico-flash.js';
import { udevRule } from './udev-rule.js';

const image = learningImage();

describe('a UF2 file for the drive', () => {
  test('firmware, image, and slots that make the board start from it', () => {
    const firmware = makeFirmware('2.0');
    const { pieces } = readFirmware('x.uf2', uf2File(firmware, image, familyId));
    const flash = new NorFlash();
    for (const { address, bytes } of pieces) flash.bytes.set(bytes, address - flash.start);
    const code = firmware.pieces[0]!.bytes;
    expect(Buffer.from(flash.at(picoFlash.firmware.start, code.length))).toEqual(Buffer.from(code));
    const header = readSlotHeader(flash.at(picoFlash.stateA.start, 256));
    expect(header).toMatchObject({
      imageArea: 0,
      imageHash: readImage(image).contentHash,
      imageLength: image.length,
      checkpointLength: 0,
    });
    expect(readSlotHeader(flash.at(picoFlash.stateB.start, 256))).toBeNull();
    const stored = readImage(flash.at(picoFlash.imageA.start, header!.imageLength));
    expect(stored.contentHash).toBe(readImage(image).contentHash);
  });

  test('the areas follow each other, in whole sectors, within the 2 MB of a Pico', () => {
    const areas = Object.values(picoFlash);
    const { imageBytes } = loadTarget('pico');
    expect([picoFlash.imageA.bytes, picoFlash.imageB.bytes]).toEqual([imageBytes, imageBytes]);
    for (const [n, { start, bytes }] of areas.entries()) {
      expect(start % 4096).toBe(0);
      expect(bytes % 4096).toBe(0);
      expect(start + bytes).toBeLessThanOrEqual(areas[n + 1]?.start ?? 0x10200000);
    }
  });

  test('an image larger than its area: E0401; no image: E0501', () => {
    const large = new Uint8Array(picoFlash.imageA.bytes + 1);
    large.set(image);
    expect(() => imagePieces(large)).toThrow(expect.objectContaining({ code: 'E0401' }));
    expect(() => imagePieces(new Uint8Array(100))).toThrow(expect.objectContaining({ code: 'E0501' }));
  });
});

describe('firmware files', () => {
  const pieces = [
    { address: dfuAddress, bytes: Uint8Array.of(1, 2, 3) },
    { address: dfuAddress + 1000, bytes: Uint8Array.of(4) },
  ];

  test('ELF to the raw binary that dfu-util takes, gaps as erased', () => {
    const bytes = dfuFile(readFirmware('x.elf', makeElf(pieces)));
    expect(bytes.length).toBe(1001);
    expect([...bytes.subarray(0, 5)]).toEqual([1, 2, 3, 255, 255]);
    expect([...bytes.subarray(999)]).toEqual([255, 4]);
  });

  test('a binary begins at its first byte, aligned or not', () => {
    const { address, bytes } = binaryOf([{ address: 0x1003, bytes: Uint8Array.of(7, 8) }]);
    expect([address, ...bytes]).toEqual([0x1003, 7, 8]);
  });

  test('for another chip, elsewhere in memory, or no firmware at all: E1102', () => {
    const pico = readFirmware('x.uf2', uf2File(makeFirmware('1.0'), null, familyId));
    expect(() => checkFamily(pico, 0xe48bff59, 'other')).toThrow(/family 0xe48bff56/);
    expect(() => dfuFile(pico)).toThrow(/begins at 0x10000000/);
    expect(() => readFirmware('x.txt', new TextEncoder().encode('hello'))).toThrow(/neither UF2 nor ELF/);
    const far = [...pieces, { address: 0x20000000, bytes: Uint8Array.of(1) }];
    expect(() => binaryOf(far)).toThrow(/spans/);
  });

  test('what a board says of itself is looked up whole', () => {
    const firmware = makeFirmware('2.0');
    expect(saysOfItself(firmware, 'engram-bench 2.0')).toBe(true);
    for (const other of ['engram-bench 2.', 'engram-bench 2.01', 'engram-bench 1.0'])
      expect(saysOfItself(firmware, other)).toBe(false);
  });
});

test('targets that are not flashed: E1106, with the command', () => {
  const error = cannotFlash({ name: 'netduinoplus2', flash: { method: 'dfu' } }, 'targets/x.bin');
  expect(error.code).toBe('E1106');
  expect(error.fix[0]).toMatch(/run: dfu-util -a 0 -s 0x08000000:leave -D targets\/x\.bin$/);
  expect(cannotFlash({ name: 'posix', flash: { method: 'none' } }, null).fix.join()).toContain(
    '--image-only',
  );
});

test('the udev rule names the USB ids of all targets and of the bootloader', () => {
  const rule = udevRule(listTargets());
  const ids = listTargets().flatMap(({ usb }) => usb);
  expect(ids.length).toBeGreaterThan(0);
  for (const { vendorId, productId } of [...ids, { vendorId: '0x2e8a', productId: '0x0003' }])
    for (const kind of ['usb', 'tty'])
      expect(rule).toContain(
        `SUBSYSTEM=="${kind}", ATTRS{idVendor}=="${vendorId.slice(2)}", ATTRS{idProduct}=="${productId.slice(2)}"`,
      );
});
