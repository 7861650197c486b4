import { compile } from '../../src/compiler/compile.js';
import type { Target } from '../../src/compiler/target.js';
import { isEngramError } from '../../src/errors/engram-error.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import type { Board } from '../../src/runtime/board.js';
import type { Row } from '../rows.js';
import { countCycles } from './cycles.js';
import { plasticNetwork, staticNetwork, workingNetwork } from './networks.js';

const inputs = 400;
const tickSeconds = 1e-3;

/** The largest networks that fit, loaded and run, and the largest that keeps a tick of 1 ms. */
export async function measureCapacity(board: Board, target: Target): Promise<Row[]> {
  const fits = (description: NetworkDescription) => {
    try {
      compile(resolveNetwork(description), target);
      return true;
    } catch (error) {
      if (isEngramError(error, 'E0401')) return false;
      throw error;
    }
  };
  const plastic = (neurons: number) => plasticNetwork({ inputs, neurons }, { rate: 10, tauTag: '1 s' });
  const fixed = (neurons: number) => staticNetwork({ inputs, neurons }, 1);
  const plasticNeurons = largest(1, 400, (neurons) => fits(plastic(neurons)));
  const staticNeurons = largest(1, 1000, (neurons) => fits(fixed(neurons)));
  const drive = { before: 0, ticks: 50, spikes: tenHertz(inputs) };
  await countCycles(board, target, plastic(plasticNeurons), drive);
  await countCycles(board, target, fixed(staticNeurons), drive);

  const budget = target.clockHz * tickSeconds;
  const worst = new Map<number, number>();
  const worstOf = async (n: number) => {
    const found = worst.get(n) ?? (await worstTick(board, target, n));
    worst.set(n, found);
    return found;
  };
  let low = 8;
  let high = largest(8, 400, (n) => fits(workingNetwork(n))) + 1;
  while (high - low > 1) {
    const n = Math.floor((low + high) / 2);
    if ((await worstOf(n)) <= budget) low = n;
    else high = n;
  }
  const share = (await worstOf(low)) / budget;
  return [
    count('largest plastic network that fits', plasticNeurons * inputs, 40_000),
    count('largest static network that fits', staticNeurons * inputs, 120_000),
    count('largest plastic network that keeps 1 ms at 10 Hz', low * low, null),
    { name: 'its worst tick', value: round(share * 100), unit: '% of 1 ms', goal: null, met: null },
  ];
}

/** Over a second of activity, so that every row has been swept and every phase of the rewards seen. */
async function worstTick(board: Board, target: Target, n: number): Promise<number> {
  const reward = (tick: number) => (tick % 20 === 0 ? 1 : 0);
  const { worst } = await countCycles(board, target, workingNetwork(n), {
    before: 200,
    ticks: 1000,
    spikes: tenHertz(n),
    reward,
  });
  return worst;
}

/** Each line at 10 Hz, spread over time as a hash has it: some ticks have several times the mean. */
function tenHertz(lines: number): (tick: number) => number[] {
  return (tick) =>
    Array.from({ length: lines }, (_, n) => n).filter(
      (n) => Math.imul(tick * 7919 + n * 104_729 + 13, 0x9e3779b1) >>> 0 < 2 ** 32 / 100,
    );
}

function largest(low: number, high: number, holds: (n: number) => boolean): number {
  while (high - low > 1) {
    const n = Math.floor((low + high) / 2);
    if (holds(n)) low = n;
    else high = n;
  }
  return low;
}

function count(name: string, value: number, goal: number | null): Row {
  return {
    name,
    value,
    unit: 'synapses',
    goal: goal === null ? null : `>= ${goal}`,
    met: goal === null ? null : value >= goal,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
