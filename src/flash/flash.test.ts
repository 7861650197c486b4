import { afterEach, describe, expect, test } from 'vitest';
import { Machine } from '../../emulator/core/machine.js';
import { readImage } from '../image/read.js';
import { learningImage, target } from '../runtime/board.testing.js';
import { type BenchOptions, BenchPico, makeFirmware, portPath } from './bench-pico.testing.js';
import { type FlashRequest, flash } from './flash.js';
import type { FlashEvent } from './flash-event.js';
import { picoFlash } from './pico-flash.js';

let pico: BenchPico;
afterEach(() => pico?.close());

async function bench(options: BenchOptions) {
  pico = await BenchPico.make(target, options);
  const events: FlashEvent[] = [];
  const run = (request: Partial<FlashRequest> = {}) =>
    flash(pico, {
      target: target.name,
      firmware: makeFirmware('2.0'),
      image: null,
      method: 'auto',
      onEvent: (event) => events.push(event),
      ...request,
    });
  const steps = () => events.map(({ step }) => step).filter((step, n, all) => step !== all[n - 1]);
  return { events, run, steps };
}

/** What the board starts from after its power was cut. */
async function afterPowerUp() {
  await pico.powerUp();
  const board = await pico.connect(portPath);
  const [hash, state] = [board.loadedHash, await board.stateHash()];
  await board.close();
  return { hash, state };
}

function startOf(image: Uint8Array) {
  const read = readImage(image);
  return { hash: read.contentHash, state: new Machine(read).stateHash() };
}

describe('firmware', () => {
  test('an older firmware is asked into its bootloader and comes back as the new one', async () => {
    const { run, steps } = await bench({ firmware: '1.0' });
    const result = await run();
    expect(result).toMatchObject({
      port: portPath,
      firmware: 'engram-bench 2.0',
      firmwareWritten: true,
      imageHash: 0,
    });
    expect(steps()).toEqual(['found', 'bootloader', 'write', 'return', 'back']);
    expect(pico.asked).toEqual(['reboot bootloader']);
  });

  test('a board that waits in its bootloader is flashed as it is', async () => {
    const { run, steps } = await bench({});
    expect((await run()).firmware).toBe('engram-bench 2.0');
    expect(steps()).toEqual(['write', 'return', 'back']);
  });

  test.each([
    [
      'a firmware without REBOOT',
      { firmware: '1.0', noReboot: true },
      ['reboot bootloader', `touch ${portPath}`],
    ],
    ['a program of another kind', { firmware: null }, [`touch ${portPath}`]],
  ])('%s is touched at 1200 baud', async (_, options, asked) => {
    const { run } = await bench(options);
    expect((await run({ port: portPath })).firmware).toBe('engram-bench 2.0');
    expect(pico.asked).toEqual(asked);
  });

  test('onto the drive', async () => {
    const { run, events } = await bench({ firmware: '1.0', ways: ['drive'] });
    expect((await run()).firmware).toBe('engram-bench 2.0');
    expect(events.filter(({ step }) => step === 'write').at(-1)).toMatchObject({ method: 'drive', done: 1 });
  });

  test('USB is not permitted: onto the drive instead', async () => {
    const { run, steps } = await bench({ ways: ['picoboot', 'drive'], faults: { denied: true } });
    expect((await run()).firmware).toBe('engram-bench 2.0');
    expect(steps()).toEqual(['write', 'fallback', 'write', 'return', 'back']);
  });

  test('USB is not permitted and there is no drive: the error says how to permit it', async () => {
    const { run } = await bench({ faults: { denied: true }, patience: 300 });
    const error = await run().catch((caught) => caught);
    expect(error).toMatchObject({ code: 'E0603' });
    expect(error.fix.join()).toContain('--print-udev');
  });
});

describe('image', () => {
  const image = learningImage();

  test('a board with the firmware gets it over the protocol and keeps it', async () => {
    const { run, steps } = await bench({ firmware: '2.0' });
    const result = await run({ image });
    expect(result).toMatchObject({ firmwareWritten: false, imageHash: startOf(image).hash });
    expect(steps()).toEqual(['found', 'upload', 'verified', 'saved']);
    expect(pico.asked).toEqual(['load', 'save']);
    expect(await afterPowerUp()).toEqual(startOf(image));
  });

  test.each([['picoboot'], ['drive']] as const)('firmware and image together by %s', async (way) => {
    const { run, steps } = await bench({ firmware: '1.0', ways: [way] });
    const result = await run({ image });
    expect(result).toMatchObject({ firmwareWritten: true, imageHash: startOf(image).hash });
    expect(steps().slice(-4)).toEqual(['write', 'return', 'back', 'verified']);
    expect(await afterPowerUp()).toEqual(startOf(image));
  });

  test('a newer saved state of another image does not win over what is flashed', async () => {
    const { run } = await bench({ firmware: '2.0' });
    await run({ image: learningImage(5) });
    const other = {
      run: (request: Partial<FlashRequest>) => run({ ...request, firmware: makeFirmware('3.0') }),
    };
    await other.run({ image });
    expect(await afterPowerUp()).toEqual(startOf(image));
  });

  test('an image alone: the firmware stays, whatever it is', async () => {
    const { run } = await bench({ firmware: '1.0' });
    expect(await run({ image, firmware: null })).toMatchObject({
      firmware: 'engram-bench 1.0',
      firmwareWritten: false,
    });
  });

  test('an image alone, onto a board that does not answer: the reason, no flashing', async () => {
    const { run } = await bench({ firmware: null });
    await expect(run({ image, firmware: null })).rejects.toMatchObject({ code: 'E0702' });
    expect(pico.asked).toEqual([]);
  });

  test('an upload that broke off goes on where it ended', async () => {
    const { run, events } = await bench({ firmware: '2.0' });
    const stop = new AbortController();
    const stopped = run({
      image,
      signal: stop.signal,
      onEvent: ({ step }) => step === 'upload' && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'E0708' });
    await run({ image });
    const shares = events.filter((event) => event.step === 'upload').map(({ done }) => done);
    // The first run sent one part; one that began anew would send as many as a fresh board takes.
    const fresh = await bench({ firmware: '2.0' });
    await fresh.run({ image });
    const whole = fresh.events.filter((event) => event.step === 'upload').map(({ done }) => done);
    expect(whole.length).toBeGreaterThan(1);
    expect(shares).toEqual(whole.slice(1));
    expect(await afterPowerUp()).toEqual(startOf(image));
  });

  test('a board that computes another state: E1108, and nothing is saved', async () => {
    const { run } = await bench({ firmware: '2.0' });
    const connect = pico.connect.bind(pico);
    pico.connect = async (path) => {
      const board = await connect(path);
      return Object.assign(Object.create(board), { stateHash: async () => 7 });
    };
    await expect(run({ image })).rejects.toMatchObject({ code: 'E1108', context: { found: 7 } });
    expect(pico.asked).toEqual(['load']);
  });
});

describe('what goes wrong is named', () => {
  test.each([
    ['nothing attached', { firmware: '1.0' }, { target: 'netduinoplus2' }, 'E0601'],
    ['another target at the port', { firmware: '1.0' }, { target: 'netduinoplus2', port: portPath }, 'E0705'],
    ['no such port', { firmware: '1.0' }, { port: '/dev/ttyACM8' }, 'E0604'],
    ['it does not come back', { stuck: true, patience: 300 }, {}, 'E1107'],
    ['no drive', { firmware: '1.0', patience: 300 }, { method: 'drive' as const }, 'E1103'],
    [
      'a firmware that would overwrite images',
      {},
      { firmware: makeFirmware('2.0', picoFlash.firmware.bytes + 1) },
      'E1102',
    ],
  ])('%s', async (_, options, request, code) => {
    const { run } = await bench(options);
    const error = await run(request).catch((caught) => caught);
    expect(error).toMatchObject({ code });
    expect(error.fix?.length ?? 0).toBeGreaterThan(code === 'E0604' ? -1 : 0);
  });

  test('the cable is pulled while flash is written: E1104; the next call finishes', async () => {
    const faults = { unplugAt: 80 };
    const { run } = await bench({ faults });
    await expect(run()).rejects.toMatchObject({ code: 'E1104' });
    faults.unplugAt = 0;
    await pico.powerUp();
    expect((await run()).firmware).toBe('engram-bench 2.0');
  });

  test('aborted while it waits: E0104', async () => {
    const { run } = await bench({ firmware: '1.0', ways: [] });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    await expect(run({ signal: stop.signal })).rejects.toMatchObject({ code: 'E0104' });
  });

  test('two boards: E0602 with the way to choose', async () => {
    const { run } = await bench({ firmware: '1.0' });
    const [port] = await pico.ports();
    pico.ports = async () => [port!, { ...port!, path: '/dev/ttyACM8', serialNumber: 'OTHER' }];
    const error = await run().catch((caught) => caught);
    expect(error).toMatchObject({ code: 'E0602' });
    expect(error.fix).toContain('engram flash --port /dev/ttyACM8');
  });

  test('two boards in their bootloader: E0602', async () => {
    const { run } = await bench({});
    const [one] = await pico.bootloaders();
    pico.bootloaders = async () => [one!, { ...one!, name: 'other' }];
    await expect(run()).rejects.toMatchObject({ code: 'E0602' });
  });
});
