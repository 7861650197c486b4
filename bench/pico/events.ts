import type { Target } from '../../src/compiler/target.js';
import type { Board } from '../../src/runtime/board.js';
import type { Row } from '../rows.js';
import { countCycles, type Drive } from './cycles.js';
import { neuronNetwork, plasticNetwork, staticNetwork } from './networks.js';

const size = { inputs: 64, neurons: 200 };

/** Cycles of single events, each as the difference of two runs that differ in the number of such events alone. */
export async function measureEvents(board: Board, target: Target): Promise<Row[]> {
  const count = (description: Parameters<typeof countCycles>[2], drive: Drive) =>
    countCycles(board, target, description, drive);

  /** Of a synapse that an arrival passes: 32 rows a tick against 16. */
  const perArrival = async (description: Parameters<typeof countCycles>[2], share: number) => {
    const many = await count(description, everyTick(32));
    const few = await count(description, everyTick(16));
    return (many.mean - few.mean) / (16 * size.neurons * share);
  };

  const dense = await perArrival(staticNetwork(size, 1), 1);
  const sparse = await perArrival(staticNetwork(size, 0.5), 0.5);
  const quiet = await perArrival(plasticNetwork(size, { rate: 0, tauTag: '1 s' }), 1);
  const active = await perArrival(plasticNetwork(size, { rate: 10, tauTag: '1 s' }), 1);
  const activeSparse = await perArrival(plasticNetwork(size, { rate: 10, tauTag: '1 s', p: 0.5 }), 0.5);

  /** Of a synapse that a spike of its neuron reaches back to: neurons at 20 Hz against 10 Hz, all x traces alive. */
  const perPost = async (p: number) => {
    const faster = await count(plasticNetwork(size, { rate: 20, tauTag: '1 s', p }), rotating());
    const slower = await count(plasticNetwork(size, { rate: 10, tauTag: '1 s', p }), rotating());
    return (faster.mean - slower.mean) / ((faster.spikes - slower.spikes) * size.inputs * p);
  };
  const post = await perPost(1);
  const postSparse = await perPost(0.5);

  const perNeuron = async (full: boolean) => {
    const many = await count(neuronNetwork(800, full), silent());
    const few = await count(neuronNetwork(400, full), silent());
    return (many.mean - few.mean) / 400;
  };
  const neuron = await perNeuron(false);
  const fullNeuron = await perNeuron(true);

  // Tags of 16 ms are visited every tick, those of an hour hardly ever; Q is 1 and 64 ticks.
  const synapses = size.inputs * size.neurons;
  const decaying = await count(plasticNetwork(size, { rate: 10, tauTag: '16 ms' }), rotating());
  const still = await count(plasticNetwork(size, { rate: 10, tauTag: '1 h' }), rotating());
  const tagSweep = (decaying.mean - still.mean) / synapses;
  const rewarded = await count(plasticNetwork(size, { rate: 10, tauTag: '16 ms' }), {
    ...rotating(),
    reward: (tick) => (tick % 20 === 0 ? 1 : 0),
  });
  const modulatedSweep = (rewarded.mean - decaying.mean) / synapses;

  const row = (name: string, value: number, goal: number | null): Row => ({
    name,
    value: Math.round(value * 10) / 10,
    unit: 'cycles',
    goal: goal === null ? null : `<= ${goal}`,
    met: goal === null ? null : value <= goal,
  });
  return [
    row('static synapse, dense', dense, 10),
    row('static synapse, sparse', sparse, 10),
    row('plastic pre-event, post-trace gone', quiet, 20),
    row('plastic pre-event, all post-traces alive', active, 20),
    row('plastic pre-event, sparse, all post-traces alive', activeSparse, null),
    row('plastic post-event, all pre-traces alive', post, 25),
    row('plastic post-event, sparse, all pre-traces alive', postSparse, null),
    row('neuron, delta synapse and bias', neuron, 60),
    row('neuron, exponential synapse, bias and noise', fullNeuron, 60),
    row('tag sweep of a synapse', tagSweep, 15),
    row('modulated sweep of a synapse', modulatedSweep, 15),
  ];
}

/** The same lines in every tick; they are warm before counting begins. */
function everyTick(lines: number): Drive {
  return { before: 100, ticks: 40, spikes: () => Array.from({ length: lines }, (_, n) => n) };
}

/** Each line at 10 Hz, evenly spread. */
function rotating(): Drive {
  const spikes = (tick: number) =>
    Array.from({ length: size.inputs }, (_, n) => n).filter((n) => (tick + n * 37) % 100 === 0);
  return { before: 200, ticks: 400, spikes };
}

function silent(): Drive {
  return { before: 10, ticks: 40, spikes: () => [] };
}
