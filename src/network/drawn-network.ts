import type { NetworkDescription, PopulationDescription } from './description.js';
import { type DrawnPlace, drawProjection } from './drawn-projection.js';
import { drawRules, type RulePool } from './drawn-rules.js';
import { type Draw, drawValues, timeOf } from './drawn-values.js';

const ticks = ['1 ms', '100 us', '0.5 ms', '2ms'] as const;
const tickMicroseconds = { '1 ms': 1000, '100 us': 100, '0.5 ms': 500, '2ms': 2000 } as const;

/**
 * A small valid network: an input population, one to three others, every model, kind of connection, weight, delay and
 * rule. Weights are of the order of a fifth of the threshold, so that with some input there are some spikes. It keeps
 * to what the core can hold: three different post-traces a population.
 */
export function drawNetwork(draw: Draw): NetworkDescription {
  const tick = draw.oneOf(...ticks);
  const time = timeOf(tickMicroseconds[tick]);
  const populations = drawPopulations(draw, time);
  const places: DrawnPlace[] = Object.entries(populations).map(([name, { model, size }]) => ({
    name,
    model,
    size,
  }));
  const modulators = draw.oneOf(['reward'], ['reward', 'punishment']);
  const pool = drawRules(draw, time, modulators);
  const names = Array.from({ length: draw.integer(0, 4) }, (_, n) => `projection-${n}`);
  return {
    engram: 1,
    name: 'generated',
    tick,
    seed: draw.integer(0, 0xffff_ffff),
    populations,
    modulators: Object.fromEntries(modulators.map((name) => [name, drawModulator(draw, time)])),
    rules: pool.rules,
    projections: {
      drive: {
        from: 'input',
        to: 'first',
        weight: { distribution: 'uniform', low: 0.2, high: 0.4 },
        ...(draw.flag() ? { plasticity: pool.plasticity('lif', [-0.5, 0.5]) } : {}),
      },
      ...Object.fromEntries(names.map((name) => [name, drawProjection(draw, time, places, pool)])),
    },
    probes: drawProbes(draw, time, places, pool),
  };
}

function drawPopulations(draw: Draw, time: (ticks: number) => string): Record<string, PopulationDescription> {
  const others = ['second', 'third'].slice(0, draw.integer(0, 2));
  return {
    input: { model: 'input', size: draw.integer(5, 40) },
    first: drawLif(draw, time),
    ...Object.fromEntries(
      others.map((name) => [name, drawPopulation(draw, time, draw.oneOf('lif', 'held', 'readout', 'input'))]),
    ),
  };
}

function drawPopulation(
  draw: Draw,
  time: (ticks: number) => string,
  model: PopulationDescription['model'],
): PopulationDescription {
  const size = draw.integer(1, 40);
  const tauSynapse = draw.flag() ? { tauSynapse: time(draw.real(1, 20)) } : {};
  switch (model) {
    case 'input':
      return { model, size };
    case 'lif':
      return drawLif(draw, time);
    case 'held':
      return { model, size, period: time(draw.integer(1, 20)), ...tauSynapse };
    case 'readout':
      return { model, size, tauMembrane: time(draw.real(1, 100)), ...tauSynapse, bias: draw.real(-0.1, 0.1) };
  }
}

function drawLif(draw: Draw, time: (ticks: number) => string): PopulationDescription {
  const size = draw.integer(1, 40);
  return {
    model: 'lif',
    size,
    tauMembrane: draw.oneOf('none', time(draw.real(1, 200)), time(20)),
    ...(draw.flag() ? { tauSynapse: time(draw.real(1, 20)) } : {}),
    threshold: draw.oneOf(1, draw.real(0.5, 2)),
    reset: draw.oneOf<number | 'subtract'>(0, draw.real(-0.5, 0.2), 'subtract'),
    refractory: time(draw.integer(0, 10)),
    ...(draw.flag()
      ? { adaptation: { tau: draw.oneOf('none', time(draw.real(5, 3000))), step: draw.real(-0.02, 0.3) } }
      : {}),
    bias: drawValues(draw, 0.02, size),
    noise: draw.oneOf(0, draw.real(0, 0.1)),
    initial: drawValues(draw, 0.8, size),
  };
}

function drawModulator(draw: Draw, time: (ticks: number) => string) {
  const tau = draw.oneOf('none', time(draw.real(1, 200)));
  return draw.flag() ? { tau, baseline: { events: draw.integer(1, 50) } } : { tau };
}

function drawProbes(
  draw: Draw,
  time: (ticks: number) => string,
  places: readonly DrawnPlace[],
  pool: RulePool,
): NonNullable<NetworkDescription['probes']> {
  const spikes = places.filter(({ model }) => model !== 'readout');
  return {
    ...Object.fromEntries(
      spikes.map(({ name }) => [`${name}-spikes`, { of: name, variable: 'spikes' as const }]),
    ),
    membrane: { of: 'first', variable: 'v', neurons: '0:1', every: time(draw.integer(1, 20)) },
    weights: { of: 'drive', variable: 'weight', every: time(pool.probeEvery) },
  };
}
