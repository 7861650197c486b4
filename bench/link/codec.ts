import { messageFrame } from '../../firmware-protocol/codec/message.js';
import { SpikeColumns } from '../../firmware-protocol/codec/spike-columns.js';
import { packSpikes, unpackSpikes } from '../../firmware-protocol/codec/spikes.js';
import { Outbox } from '../../firmware-protocol/framing/outbox.js';
import { FrameParser } from '../../firmware-protocol/framing/parser.js';
import { Slab } from '../../firmware-protocol/framing/slab.js';
import type { Row } from '../rows.js';
import { median } from './median.js';
import { type Traffic, traffic } from './traffic.js';

const spikes = 400_000;
const rounds = 15;
const goal = 5e6;
const maxPayload = 4096;

/** Spikes to bytes on the wire and back again, checksum and COBS included; both ways together. */
export function measureCodec(): Row[] {
  return [
    traffic('200 a tick', spikes, 200, 10_000),
    traffic('10 a tick', spikes, 10, 10_000),
    traffic('1 a tick', spikes, 1, 10_000),
    traffic('200 a tick, units above 65,535', spikes, 200, 10_000, 100_000),
  ].map(measure);
}

function measure(given: Traffic): Row {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const back = thereAndBack(given);
    rates.push((1000 * spikes) / (performance.now() - start));
    check(given, back);
  }
  const value = median(rates);
  return {
    name: `codec/${given.name}`,
    value: Math.round(value / 1e5) / 10,
    unit: 'million spikes/s',
    goal: `>= ${goal / 1e6}`,
    met: value >= goal,
  };
}

function thereAndBack({ ticks, units }: Traffic): SpikeColumns {
  const back = new SpikeColumns(spikes);
  const parser = new FrameParser();
  const slab = new Slab();
  const outbox = new Outbox((bytes) => {
    for (const event of parser.push(bytes)) if (event.kind === 'frame') unpackSpikes(event, back);
  });
  for (let start = 0, sequence = 0; start < ticks.length; sequence++) {
    const at = slab.room(maxPayload);
    const { length, next } = packSpikes(ticks, units, start, ticks.length, slab.bytes, at, maxPayload);
    outbox.add(messageFrame('SPIKES_OUT', slab.cut(length), { sequence: sequence & 0xffff }));
    start = next;
  }
  outbox.flush();
  return back;
}

function check({ ticks, units }: Traffic, back: SpikeColumns): void {
  for (let n = 0; n < ticks.length; n++)
    if (back.ticks[n] !== ticks[n] || back.units[n] !== units[n]) throw new Error(`spike ${n} is another`);
  if (back.count !== ticks.length) throw new Error(`${back.count} of ${ticks.length} spikes came back`);
}
