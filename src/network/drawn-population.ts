import type { LifDescription, PopulationDescription } from './description.js';
import { type Draw, drawValues } from './drawn-values.js';

/** An input population, a LIF one, and up to two of any model. */
export function drawPopulations(
  draw: Draw,
  time: (ticks: number) => string,
): Record<string, PopulationDescription> {
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
    ...(draw.flag() ? { surrogate: drawSurrogate(draw) } : {}),
    bias: drawValues(draw, 0.02, size),
    noise: draw.oneOf(0, draw.real(0, 0.1)),
    initial: drawValues(draw, 0.8, size),
  };
}

function drawSurrogate(draw: Draw): NonNullable<LifDescription['surrogate']> {
  if (draw.flag()) return {};
  return {
    dampening: draw.real(0.05, 2),
    width: draw.oneOf(draw.real(0.05, 2), draw.real(2, 8)),
    shape: draw.oneOf('triangle', 'box'),
  };
}
