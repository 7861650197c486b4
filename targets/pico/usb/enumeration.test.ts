import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { readUf2 } from '../../../src/flash/uf2.js';
import { Pico } from '../chip/pico.js';
import { CdcPort } from './cdc.js';

/** The shipped firmware on the emulated bus, without a worker. */
const { pieces } = readUf2(readFileSync(new URL('../engram-pico.uf2', import.meta.url)));
const muxing = 0x74;
const toDigitalPad = 0xc;

test.each([
  [1, 2],
  [2, 0],
] as const)(
  'a chip of revision %i is enumerated, with %i bus resets that firmware ends',
  (revision, forced) => {
    const pico = new Pico({ pieces, revision });
    pico.powerOn();
    const writes = vi.spyOn(pico.life.usb, 'writeUint32Atomic');
    expect(pico.runFor(500e6, () => pico.life.host.device !== null)).toBe(true);
    const ends = writes.mock.calls.filter(([offset, value]) => offset === muxing && value === toDigitalPad);
    expect(ends.length).toBe(forced);
    expect(pico.life.host.device).toMatchObject({ vendorId: 0x2e8a, productId: 0x000a, configuration: 1 });
  },
);

test('bytes go out to the serial port no faster than the bus carries them', async () => {
  const pico = new Pico({ pieces });
  pico.powerOn();
  pico.runFor(500e6, () => pico.life.host.device !== null);
  const { host } = pico.life;
  const cdc = CdcPort.of(host, host.device!, (action) => pico.act(action))!;
  const opened = cdc.open(115_200, () => {});
  for (let n = 0; n < 3; n++) {
    pico.runFor(10e6);
    await Promise.resolve();
  }
  await opened;
  // No frame of the protocol ends in them: the board takes and drops them.
  let sent = 0;
  for (let n = 0; n < 20; n++) cdc.send(new Uint8Array(640).fill(1), (ok) => ok && sent++);
  const before = pico.life.clock.nanos;
  expect(pico.runFor(1e9, () => sent === 20)).toBe(true);
  // 12,800 bytes are 200 packets, for which the bus alone needs more than ten frames.
  expect(pico.life.clock.nanos - before).toBeGreaterThan(10e6);
  expect(pico.state.kind).toBe('running');
});
