import type { NetworkDescription } from '../../src/network/description.js';
import { draws } from './draws.js';
import type { InputSpikes } from './workload.js';

/** Layers of S4. */
export interface Layers {
  readonly pixels: number;
  readonly hidden: number;
  readonly classes: number;
}

export const fullLayers: Layers = { pixels: 784, hidden: 256, classes: 10 };
/** Steps of an image; then the state is cleared. */
export const stepsOfImage = 100;
const shareOfPixels = 0.2;
const highestProbability = 0.5;

/** S4: 784 → 256 → 10, dense; the membrane unit is a step of the weights. */
export function inferenceNetwork({ pixels, hidden, classes }: Layers = fullLayers): NetworkDescription {
  const draw = draws(4);
  const weights = (count: number) => ({
    values: Array.from({ length: count }, () => Math.floor(draw() * 129) - 60),
  });
  const neurons = (size: number, threshold: number) =>
    ({ model: 'lif', size, tauMembrane: '20 ms', threshold, reset: 0 }) as const;
  return {
    engram: 1,
    name: 'S4',
    seed: 1,
    populations: {
      pixels: { model: 'input', size: pixels },
      hidden: neurons(hidden, 512),
      classes: neurons(classes, 256),
    },
    projections: {
      first: { from: 'pixels', to: 'hidden', weight: weights(pixels * hidden) },
      second: { from: 'hidden', to: 'classes', weight: weights(hidden * classes) },
    },
  };
}

/** Images: a fifth of the pixels on, each spiking at each step with a probability of its own below a half. */
export function imageSpikes(images: number, { pixels }: Layers = fullLayers): InputSpikes {
  const draw = draws(44);
  const start = new Uint32Array(images * stepsOfImage + 1);
  const lines: number[] = [];
  for (let image = 0; image < images; image++) {
    const probability = Float64Array.from({ length: pixels }, () =>
      draw() < shareOfPixels ? draw() * highestProbability : 0,
    );
    for (let step = 0; step < stepsOfImage; step++) {
      for (let line = 0; line < pixels; line++)
        if (probability[line]! > 0 && draw() < probability[line]!) lines.push(line);
      start[image * stepsOfImage + step + 1] = lines.length;
    }
  }
  return { start, lines: Uint32Array.from(lines) };
}
