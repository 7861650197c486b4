import type { NetworkDescription } from './description.js';
import { drawEpisodes } from './drawn-episodes.js';
import { type DrawnErrors, drawErrors } from './drawn-errors.js';
import type { DrawnPlace } from './drawn-place.js';
import { drawPopulations } from './drawn-population.js';
import { drawFeedback, drawProjection } from './drawn-projection.js';
import { drawRules, type RulePool } from './drawn-rules.js';
import { type Draw, timeOf } from './drawn-values.js';

const ticks = ['1 ms', '100 us', '0.5 ms', '2ms'] as const;
const tickMicroseconds = { '1 ms': 1000, '100 us': 100, '0.5 ms': 500, '2ms': 2000 } as const;

/**
 * A small valid network: an input population, one to three others, every model, kind of connection, weight, delay, rule,
 * feedback and episodic buffer. Weights are of the order of a fifth of the threshold, so that with some input there are
 * some spikes. It keeps to what the core can hold: three different post-traces a population.
 */
export function drawNetwork(draw: Draw): NetworkDescription {
  const tick = draw.oneOf(...ticks);
  const time = timeOf(tickMicroseconds[tick]);
  const populations = drawPopulations(draw, time);
  const plain = draw.oneOf(['reward'], ['reward', 'punishment']);
  const errors = drawErrors(draw, time, populations, plain);
  const places = placesOf(populations, errors);
  const pool = drawRules(draw, time, [...plain, ...errors.channels]);
  const names = Array.from({ length: draw.integer(0, 4) }, (_, n) => `projection-${n}`);
  return {
    engram: 1,
    name: 'generated',
    tick,
    seed: draw.integer(0, 0xffff_ffff),
    populations,
    modulators: {
      ...Object.fromEntries(plain.map((name) => [name, drawModulator(draw, time)])),
      ...errors.modulators,
    },
    rules: pool.rules,
    projections: {
      drive: {
        from: 'input',
        to: 'first',
        weight: { distribution: 'uniform', low: 0.2, high: 0.4 },
        ...(draw.flag() ? { plasticity: pool.plasticity(places[1]!, [-0.5, 0.5]) } : {}),
      },
      ...Object.fromEntries(
        errors.feedback.map((feedback) => [
          `feedback-${feedback.from}`,
          drawFeedback(draw, time, places, pool, feedback),
        ]),
      ),
      ...Object.fromEntries(names.map((name) => [name, drawProjection(draw, time, places, pool)])),
    },
    probes: drawProbes(draw, time, places, pool),
    ...(draw.flag() ? { episodes: drawEpisodes(draw, time, places, plain) } : {}),
  };
}

function placesOf(populations: NetworkDescription['populations'], errors: DrawnErrors): DrawnPlace[] {
  return Object.entries(populations).map(([name, population]) => ({
    name,
    model: population.model,
    size: population.size,
    hasSlope: population.model === 'lif' && population.surrogate !== undefined,
    hasSignal: errors.signalled.has(name),
  }));
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
