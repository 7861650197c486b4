import type { ConnectDescription, DelaysDescription, ProjectionDescription } from './description.js';
import type { DrawnFeedback } from './drawn-errors.js';
import type { DrawnPlace } from './drawn-place.js';
import type { RulePool } from './drawn-rules.js';
import { type Draw, drawValues } from './drawn-values.js';

interface Slice {
  readonly text: string;
  readonly name: string;
  readonly first: number;
  readonly count: number;
}

/** A projection between slices that can have one, with every kind of connection, weight, delay and rule. */
export function drawProjection(
  draw: Draw,
  time: (ticks: number) => string,
  places: readonly DrawnPlace[],
  pool: RulePool,
): ProjectionDescription {
  const source = draw.oneOf(...places.filter(({ model }) => model !== 'readout'));
  const target = draw.oneOf(...places.filter(({ model }) => model !== 'input'));
  return drawBetween(draw, time, source, target, pool, null);
}

/** The projection through which errors come back to `feedback.from`; silent, or one like any other. */
export function drawFeedback(
  draw: Draw,
  time: (ticks: number) => string,
  places: readonly DrawnPlace[],
  pool: RulePool,
  feedback: DrawnFeedback,
): ProjectionDescription {
  const place = (wanted: string) => places.find(({ name }) => name === wanted)!;
  return drawBetween(draw, time, place(feedback.from), place(feedback.to), pool, feedback.modulator);
}

function drawBetween(
  draw: Draw,
  time: (ticks: number) => string,
  source: DrawnPlace,
  target: DrawnPlace,
  pool: RulePool,
  feedback: string | null,
): ProjectionDescription {
  const oneToOne = draw.oneOf(false, false, false, true);
  const common = Math.min(source.size, target.size);
  const from = drawSlice(draw, source, oneToOne ? common : null);
  const to = drawSlice(draw, target, oneToOne ? common : null);
  const connect = oneToOne ? 'one-to-one' : drawConnect(draw, from, to);
  const count = synapseCount(connect, from, to);
  const range: [number, number] = draw.flag() ? [0, 0.5] : [-0.4, 0.4];
  const plasticity = draw.oneOf(false, true) ? { plasticity: pool.plasticity(target, range) } : {};
  // Errors come back through synapses of one delay.
  const delay = feedback === null ? drawDelay(draw, time, count) : time(draw.integer(1, 63));
  const silent = feedback !== null ? draw.oneOf(false, false, true) : draw.integer(0, 9) === 9;
  return {
    from: from.text,
    to: to.text,
    connect,
    weight: drawValues(draw, 0.2, count, range),
    ...(delay === null ? {} : { delay }),
    ...(feedback === null ? {} : { feedback }),
    ...(silent ? { silent } : {}),
    ...plasticity,
  };
}

function drawSlice(draw: Draw, { name, size }: DrawnPlace, wanted: number | null): Slice {
  if (wanted === null && draw.flag()) return { text: name, name, first: 0, count: size };
  const count = wanted ?? draw.integer(1, size);
  const first = draw.integer(0, size - count);
  return { text: `${name}[${first}:${first + count}]`, name, first, count };
}

function drawConnect(draw: Draw, from: Slice, to: Slice): ConnectDescription {
  const selfConnections = from.name !== to.name || draw.flag();
  switch (draw.oneOf('short', 'all-to-all', 'probability', 'in-degree', 'list')) {
    case 'all-to-all':
      return { kind: 'all-to-all', selfConnections };
    case 'probability':
      return { kind: 'probability', p: draw.oneOf(0, 1, draw.real(0, 1)), selfConnections };
    case 'in-degree':
      if (from.count < 2) return 'all-to-all';
      return { kind: 'in-degree', n: draw.integer(1, from.count - 1), selfConnections };
    case 'list':
      return {
        kind: 'list',
        pairs: Array.from({ length: draw.integer(0, 40) }, () => [
          draw.integer(0, from.count - 1),
          draw.integer(0, to.count - 1),
        ]),
      };
    default:
      return 'all-to-all';
  }
}

/** Synapses there will be, counted pair by pair; null where chance decides. */
function synapseCount(connect: ConnectDescription, from: Slice, to: Slice): number | null {
  const kind = typeof connect === 'string' ? connect : connect.kind;
  if (kind === 'one-to-one') return from.count;
  if (typeof connect !== 'string' && connect.kind === 'list') return connect.pairs.length;
  if (kind !== 'all-to-all') return null;
  const withSelf =
    typeof connect === 'string' || !('selfConnections' in connect) || connect.selfConnections !== false;
  let count = 0;
  for (let pre = from.first; pre < from.first + from.count; pre++)
    for (let post = to.first; post < to.first + to.count; post++)
      if (withSelf || from.name !== to.name || pre !== post) count++;
  return count;
}

function drawDelay(
  draw: Draw,
  time: (ticks: number) => string,
  count: number | null,
): DelaysDescription | null {
  switch (draw.oneOf('none', 'constant', 'uniform', 'values')) {
    case 'constant':
      return time(draw.oneOf(1, 63, draw.integer(1, 63)));
    case 'uniform': {
      const low = draw.integer(1, 20);
      return { distribution: 'uniform', low: time(low), high: time(low + draw.integer(0, 43)) };
    }
    case 'values':
      if (count === null || count > 400) return null;
      return { values: Array.from({ length: count }, () => time(draw.integer(1, 5))) };
    default:
      return null;
  }
}
