import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { elfSymbols } from '../../src/flash/elf-symbols.js';
import { readFirmware } from '../../src/flash/firmware-file.js';
import { flash } from '../../src/flash/flash.js';
import type { FlashEvent } from '../../src/flash/flash-event.js';
import { pagesOf } from '../../src/flash/flash-pages.js';
import { Picoboot } from '../../src/flash/picoboot.js';
import { writeUf2 } from '../../src/flash/uf2.js';
import { Board } from '../../src/runtime/board.js';
import { expected, feed, learningImage } from '../../src/runtime/board.testing.js';
import { emulatedPico, shippedFirmware } from './board.js';
import { flashOf, type TestProgram } from './chip/program.testing.js';
import { EmulatedPico } from './emulated-pico.js';
import { emulatedWorld } from './flash-world.js';

/** The shipped firmware on the emulated chip, and what a host sees of it. */
const serial = '0123456789ABCDEF';
const started: EmulatedPico[] = [];
const folder = mkdtempSync(join(tmpdir(), 'engram-pico-'));

afterEach(async () => {
  for (const pico of started.splice(0)) await pico.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(uf2: string | null = shippedFirmware): Promise<EmulatedPico> {
  const pico = await EmulatedPico.start({ uf2, serial });
  started.push(pico);
  return pico;
}

/** A UF2 file with that program instead of the firmware. */
function uf2With(write: (program: TestProgram) => void): string {
  const path = join(folder, 'program.uf2');
  writeFileSync(path, writeUf2(pagesOf(flashOf(write)), 0xe48bff56));
  return path;
}

test.each(['cdc', 'webusb', 'pty'])('a session over %s', async (way) => {
  const pico = await start();
  const board = await Board.connect(await pico.connect(way));
  expect(board.info).toMatchObject({ targetName: 'pico', serial });
  const image = learningImage();
  await board.load(image);
  await feed(board, 0, 60);
  await board.run(60);
  expect(await board.stateHash()).toBe(expected(image, 60).hashes[59]);
  await board.close();
  // A connection after that is as good as the first.
  const again = await Board.connect(await pico.connect(way));
  expect(again.info.serial).toBe(serial);
  await again.close();
});

test('the vendor interface and the serial port may be open side by side', async () => {
  const pico = await start();
  const [cdc, usb] = [await pico.connect('cdc'), await pico.connect('webusb')];
  await Promise.all([cdc.close(), usb.close()]);
});

test('the same serial number gives the same unique number, others another', async () => {
  const serials: string[] = [];
  for (const name of ['one', 'one', 'two']) {
    const board = await emulatedPico().start({ serial: name });
    const session = await Board.connect(await board.connect());
    serials.push(session.info.serial);
    await session.close();
    await board.close();
  }
  expect(serials[0]).toMatch(/^[0-9A-F]{16}$/);
  expect(serials[1]).toBe(serials[0]);
  expect(serials[2]).not.toBe(serials[0]);
});

test('descriptors: a serial port, a vendor interface, and what spares Windows and Chrome a driver', async () => {
  const pico = await start();
  await pico.ready();
  const device = pico.usbDevice()!;
  expect([device.vendorId, device.productId, device.serialNumber]).toEqual([0x2e8a, 0x000a, serial]);
  expect([device.deviceClass, device.deviceSubclass, device.deviceProtocol]).toEqual([0xef, 2, 1]);
  const codes = device.configurations[0]!.interfaces.map(({ alternate }) => alternate.interfaceClass);
  expect(codes).toEqual([2, 10, 0xff]);
  await device.open();
  const read = async (setup: Partial<USBControlTransferParameters>, length: number) => {
    const { data, status } = await device.controlTransferIn(
      { requestType: 'standard', recipient: 'device', request: 6, value: 0, index: 0, ...setup },
      length,
    );
    expect(status).toBe('ok');
    return Buffer.from(data!.buffer, data!.byteOffset, data!.byteLength);
  };
  const bos = await read({ value: 0x0f00 }, 512);
  expect(bos.readUInt16LE(2)).toBe(bos.length);
  const webUsb = bos.indexOf(Buffer.from('38b60834a909a0478bfda0768815b665', 'hex'));
  const microsoft = bos.indexOf(Buffer.from('df60ddd88945c74c9cd2659d9e648a9f', 'hex'));
  expect(webUsb).toBeGreaterThan(0);
  expect(microsoft).toBeGreaterThan(0);
  const set = await read(
    { requestType: 'vendor', request: bos[microsoft + 22]!, index: 7 },
    bos.readUInt16LE(microsoft + 20),
  );
  expect(set.readUInt16LE(8)).toBe(set.length);
  expect(set.includes('WINUSB')).toBe(true);
  // A string that is not there is refused, and the next request is answered again.
  expect(
    (
      await device.controlTransferIn(
        { requestType: 'standard', recipient: 'device', request: 6, value: 0x03f0, index: 0 },
        255,
      )
    ).status,
  ).toBe('stall');
  expect((await read({ value: 0x0100 }, 18)).length).toBe(18);
  await device.close();
});

test('REBOOT ends the session, and the board comes back without what was not saved', async () => {
  const pico = await start();
  const before = await Board.connect(await pico.connect());
  await before.load(learningImage());
  expect(before.loadedHash).not.toBe(0);
  await before.reboot('application');
  await before.close();
  const hashAgain = async () => {
    const after = await Board.connect(await pico.connect());
    const { loadedHash } = after;
    await after.close();
    return loadedHash;
  };
  await expect.poll(hashAgain, { timeout: 20_000 }).toBe(0);
});

test('a transfer that waits ends when the board leaves the bus', async () => {
  const pico = await start();
  await pico.ready();
  const device = pico.usbDevice()!;
  await device.open();
  await device.selectConfiguration(1);
  await device.claimInterface(2);
  const waiting = device.transferIn(3, 64);
  const outcome = expect(waiting).rejects.toThrow('left the bus');
  await pico.turnOn();
  await outcome;
  expect(device.opened).toBe(false);
  await expect(device.open()).rejects.toMatchObject({ name: 'NotFoundError' });
});

test.each(['cdc', 'webusb', 'pty'])('turning the power off closes a connection over %s', async (way) => {
  const pico = await start();
  const transport = await pico.connect(way);
  const closed = new Promise<Error | null>((resolve) => {
    transport.start({ receive() {}, closed: resolve });
  });
  await pico.power.cycle();
  await closed;
  const board = await Board.connect(await pico.connect(way));
  await board.close();
});

test('releasing an interface ends its transfers', async () => {
  const pico = await start();
  await pico.ready();
  const device = pico.usbDevice()!;
  await device.open();
  await device.selectConfiguration(1);
  await expect(device.transferIn(3, 64)).rejects.toMatchObject({ name: 'NotFoundError' });
  await device.claimInterface(2);
  const outcome = expect(device.transferIn(3, 64)).rejects.toMatchObject({ name: 'AbortError' });
  await device.releaseInterface(2);
  await outcome;
  await device.close();
});

test('a board from the factory is flashed through its bootloader, with an image, and then is up to date', async () => {
  const pico = await start(null);
  const world = emulatedWorld(pico);
  const firmware = readFirmware('engram-pico.uf2', new Uint8Array(readFileSync(shippedFirmware)));
  const run = async (image: Uint8Array | null) => {
    const events: FlashEvent[] = [];
    const onEvent = (event: FlashEvent) => events.push(event);
    const result = await flash(world, { target: 'pico', firmware, image, method: 'auto', onEvent });
    return { result, steps: [...new Set(events.map(({ step }) => step))] };
  };
  const first = await run(learningImage());
  expect(first.steps).toEqual(['write', 'return', 'back', 'verified']);
  expect(first.result).toMatchObject({ firmwareWritten: true, serial });
  const second = await run(learningImage(2));
  expect(second.steps).toEqual(['found', 'upload', 'verified', 'saved']);
  expect(second.result.firmwareWritten).toBe(false);
  expect(second.result.imageHash).not.toBe(first.result.imageHash);
});

test('firmware that does not start is found out after flashing', async () => {
  const pico = await start(null);
  const { pieces, familyId } = readFirmware('engram-pico.uf2', new Uint8Array(readFileSync(shippedFirmware)));
  const damaged = pieces.map(({ address, bytes }) => ({ address, bytes: bytes.slice() }));
  damaged[0]!.bytes[10]! ^= 1;
  const request = { target: 'pico', image: null, method: 'auto', onEvent: () => {} } as const;
  const firmware = { pieces: damaged, familyId };
  await expect(
    flash({ ...emulatedWorld(pico), patience: 1000 }, { ...request, firmware }),
  ).rejects.toMatchObject({ code: 'E1107' });
  // The board waits in its bootloader for a better one.
  const result = await flash(emulatedWorld(pico), { ...request, firmware: { pieces, familyId } });
  expect(result.firmwareWritten).toBe(true);
});

test('the touch at 1200 baud leads into the bootloader, whose PICOBOOT reads what is in flash', async () => {
  const pico = await start();
  await pico.touch();
  await expect.poll(() => pico.bootloader(), { timeout: 10_000 }).not.toBeNull();
  await expect(pico.ready()).rejects.toThrow('the firmware asked for it');
  const picoboot = await Picoboot.open(pico.bootloader()!);
  await picoboot.exitXip();
  const { pieces } = readFirmware('engram-pico.uf2', new Uint8Array(readFileSync(shippedFirmware)));
  expect(await picoboot.read(0x10000000, 4096)).toEqual(pieces[0]!.bytes.slice(0, 4096));
  await picoboot.reboot();
  await picoboot.close();
  await expect.poll(() => pico.bootloader(), { timeout: 10_000 }).toBeNull();
  const board = await Board.connect(await pico.connect());
  await board.close();
});

test('power cuts while it saves leave the older or the newer state', async () => {
  const pico = await start();
  const open = async () => Board.connect(await pico.connect());
  const image = learningImage();
  let board = await open();
  await board.load(image);
  await board.reset();
  await board.save();
  let older = await board.stateHash();
  for (const bytes of [1, 3000, 5000, 9000, 12_000, 1_000_000]) {
    await board.run(40);
    const newer = await board.stateHash();
    await pico.power.cutAfter(bytes);
    const cut = await board.save().then(
      () => false,
      () => true,
    );
    await board.close();
    expect(await pico.power.isOff()).toBe(cut);
    await pico.power.cycle();
    board = await open();
    const found = await board.stateHash();
    expect([older, newer], `cut after ${bytes} bytes`).toContain(found);
    if (!cut) expect(found).toBe(newer);
    older = found;
  }
  await board.close();
});

test('a fault of the firmware is told on connecting and on closing', async () => {
  const uf2 = uf2With((program) => program.load(0x30000000));
  const pico = await EmulatedPico.start({ uf2 });
  await expect(pico.ready()).rejects.toMatchObject({
    code: 'E1001',
    facts: [
      ['it', 'RP2040: Read from invalid memory address: 30000000'],
      ['at', expect.stringMatching(/^pc 0x2000/)],
    ],
  });
  await expect(pico.close()).rejects.toMatchObject({ code: 'E1001' });
});

test('a fault names the function it happened in', async () => {
  const elf = readFileSync(shippedFirmware.replace('.uf2', '.elf'));
  const { pieces } = readFirmware('engram-pico.uf2', new Uint8Array(readFileSync(shippedFirmware)));
  const at = elfSymbols(elf).get('pico_usb_start')!;
  expect(at >>> 24).toBe(0x10);
  const piece = pieces.find(({ address, bytes }) => at >= address && at < address + bytes.length)!;
  // An undefined instruction.
  piece.bytes.set([0x00, 0xde], at - piece.address);
  writeFileSync(join(folder, 'faulty.uf2'), writeUf2(pagesOf(pieces), 0xe48bff56));
  writeFileSync(join(folder, 'faulty.elf'), elf);
  const pico = await EmulatedPico.start({ uf2: join(folder, 'faulty.uf2') });
  const failed = {
    code: 'E1001',
    facts: [expect.anything(), ['at', expect.stringContaining('pico_usb_start')]],
  };
  await expect(pico.ready()).rejects.toMatchObject(failed);
  await expect(pico.close()).rejects.toMatchObject(failed);
});

test('a damaged boot block is not started', async () => {
  const bytes = readFileSync(shippedFirmware);
  bytes[32 + 100]! ^= 4;
  const path = join(folder, 'damaged.uf2');
  writeFileSync(path, bytes);
  await expect(emulatedPico(path).start()).rejects.toThrow('the checksum of the boot block');
});
