import type { CoreImage } from '../../../src/image/image.js';

/** Cost of updating a neuron, in synapses: both from measurements of S1 and S2 (docs/performance.md). */
const neuronCost = 4;
/** Share of a core's synapses that a tick touches, about. */
const activity = 0.01;

/** Numbers of the cores that each of so many threads runs: the costliest first, each to who has least. */
export function sharesOf(cores: readonly CoreImage[], threads: number): number[][] {
  const shares = Array.from({ length: Math.max(1, Math.min(threads, cores.length)) }, () => ({
    cost: 0,
    cores: [] as number[],
  }));
  const cost = ({ core }: CoreImage) => neuronCost * core.neuronCount + activity * core.synapseCount;
  const order = cores.map((core, number) => ({ number, cost: cost(core) })).sort((a, b) => b.cost - a.cost);
  for (const { number, cost } of order) {
    const least = shares.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.cores.push(number);
    least.cost += cost;
  }
  return shares.map((share) => share.cores.sort((a, b) => a - b));
}
