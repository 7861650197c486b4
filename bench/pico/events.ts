import type { Target } from '../../src/compiler/target.js';
import type { NetworkDescription } from '../../src/network/description.js';
import type { Board } from '../../src/runtime/board.js';
import type { Row } from '../rows.js';
import { countCycles, type Drive } from './cycles.js';
import { cyclesRow } from './cycles-row.js';
import { neuronNetwork, plasticNetwork, staticNetwork, stdpNetwork } from './networks.js';

const size = { inputs: 64, neurons: 200 };

/** Cycles of single events, each as the difference of two runs that differ in the number of such events alone. */
export async function measureEvents(board: Board, target: Target): Promise<Row[]> {
  const count = (description: NetworkDescription, drive: Drive) =>
    countCycles(board, target, description, drive);

  /** Cycles of an arrival: of its row, and of each synapse in it, from rows of two lengths; without arrivals the rest. */
  const perArrival = async (describe: (neurons: number) => NetworkDescription, share: number) => {
    const arrivals = 32;
    const rowOf = async (neurons: number) => {
      const some = await count(describe(neurons), everyTick(arrivals));
      const none = await count(describe(neurons), silent());
      return (some.mean - none.mean) / arrivals;
    };
    const long = await rowOf(size.neurons);
    const short = await rowOf(size.neurons / 2);
    const synapse = (long - short) / ((size.neurons / 2) * share);
    return { synapse, row: long - synapse * size.neurons * share };
  };
  const sized = (neurons: number) => ({ ...size, neurons });
  const dense = await perArrival((n) => staticNetwork(sized(n), 1), 1);
  const sparse = await perArrival((n) => staticNetwork(sized(n), 0.25), 0.25);
  const plastic = await perArrival((n) => plasticNetwork(sized(n), { rate: 10, tauTag: '1 s' }), 1);
  const plasticSparse = await perArrival(
    (n) => plasticNetwork(sized(n), { rate: 10, tauTag: '1 s', p: 0.3 }),
    0.3,
  );
  const stdp = await perArrival((n) => stdpNetwork(sized(n)), 1);

  /**
   * Cycles of a neuron's spike: of each synapse it reaches back to, from columns of two lengths, at 20 Hz against 10 Hz;
   * all x traces are alive. The spike itself takes the rest.
   */
  const perPost = async (p: number) => {
    const spikeOf = async (inputs: number) => {
      const at = (rate: number) =>
        count(plasticNetwork({ ...size, inputs }, { rate, tauTag: '1 s', p }), rotating(inputs));
      const faster = await at(20);
      const slower = await at(10);
      return (faster.mean - slower.mean) / (faster.spikes - slower.spikes);
    };
    const long = await spikeOf(2 * size.inputs);
    const short = await spikeOf(size.inputs);
    const synapse = (long - short) / (size.inputs * p);
    return { synapse, spike: short - synapse * size.inputs * p };
  };
  const post = await perPost(1);
  const postSparse = await perPost(0.25);

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

  const idle = await count(neuronNetwork(1, false), silent());

  return [
    cyclesRow('static synapse, dense', dense.synapse, 10),
    cyclesRow('static synapse, sparse', sparse.synapse, 10),
    cyclesRow('plastic pre-event, dense', plastic.synapse, 20),
    cyclesRow('plastic pre-event, sparse', plasticSparse.synapse, 20),
    cyclesRow('pre-event of stdp, dense', stdp.synapse, null),
    cyclesRow('plastic post-event, dense', post.synapse, 25),
    cyclesRow('plastic post-event, sparse', postSparse.synapse, 25),
    cyclesRow('neuron, delta synapse and bias', neuron, 60),
    cyclesRow('neuron, exponential synapse, bias and noise', fullNeuron, 60),
    cyclesRow('tag sweep of a synapse', tagSweep, 15),
    cyclesRow('modulated sweep of a synapse', modulatedSweep, 15),
    cyclesRow('an arriving spike, beside its synapses', dense.row, null),
    cyclesRow('an arriving spike at a plastic row, beside its synapses', plastic.row, null),
    cyclesRow('a spike of a neuron that learns, beside its synapses', post.spike, null),
    cyclesRow('a tick in which nothing happens', idle.mean, null),
  ];
}

/** The same lines in every tick; they are warm before counting begins. */
function everyTick(lines: number): Drive {
  return { before: 100, ticks: 40, spikes: () => Array.from({ length: lines }, (_, n) => n) };
}

/** Each line at 10 Hz, evenly spread. */
function rotating(inputs = size.inputs): Drive {
  const spikes = (tick: number) =>
    Array.from({ length: inputs }, (_, n) => n).filter((n) => (tick + n * 37) % 100 === 0);
  return { before: 200, ticks: 400, spikes };
}

function silent(): Drive {
  return { before: 100, ticks: 40, spikes: () => [] };
}
