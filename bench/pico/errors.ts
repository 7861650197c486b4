import type { Target } from '../../src/compiler/target.js';
import type { NetworkDescription } from '../../src/network/description.js';
import type { Board } from '../../src/runtime/board.js';
import type { Row } from '../rows.js';
import { countCycles, type Drive } from './cycles.js';
import { cyclesRow } from './cycles-row.js';
import { type ErrorOptions, epropNetwork, feedbackNetwork } from './networks.js';

const inputs = 48;
const neurons = 100;

/** Cycles of learning from errors: near-events, the sweeps of e-prop and the learning signals. */
export async function measureErrors(board: Board, target: Target): Promise<Row[]> {
  const count = async (description: NetworkDescription, lines: number, error: boolean) =>
    (await countCycles(board, target, description, drive(lines, error))).mean;

  /** What a tick takes more for all columns, by synapse and by column, from columns of two lengths. */
  const perColumn = async (extra: (inputs: number) => Promise<number>) => {
    const long = (await extra(2 * inputs)) / neurons;
    const short = (await extra(inputs)) / neurons;
    const synapse = (long - short) / inputs;
    return { synapse, column: short - synapse * inputs };
  };
  const near = (rule: ErrorOptions['rule'], error: boolean) =>
    perColumn(async (length) => {
      const at = (on: boolean) =>
        count(epropNetwork({ inputs: length, neurons }, { rule, near: on }), length, error);
      return (await at(true)) - (await at(false));
    });
  const eprop = await near('eprop', false);
  const alif = await near('eprop-alif', false);
  const event = await near('eprop-event', true);
  // Every tick against every 64th.
  const sweep = await perColumn(async (length) => {
    const at = (averaging: string) =>
      count(
        epropNetwork({ inputs: length, neurons }, { rule: 'eprop', near: false, averaging }),
        length,
        true,
      );
    return ((await at('1 ms')) - (await at('64 ms'))) / (1 - 1 / 64);
  });

  const feedback = async (readouts: number) => {
    const at = (size: number) => count(feedbackNetwork(size, readouts), 0, true);
    return ((await at(2 * neurons)) - (await at(neurons))) / neurons;
  };
  const few = 4;
  const many = await feedback(2 * few);
  const some = await feedback(few);
  const synapse = (many - some) / few;
  const withoutErrors =
    ((await count(feedbackNetwork(2 * neurons, few), 0, false)) -
      (await count(feedbackNetwork(neurons, few), 0, false))) /
    neurons;
  return [
    cyclesRow('near-event of eprop (one term)', eprop.synapse, null),
    cyclesRow('near-event of eprop-alif (four terms, two tags)', alif.synapse, null),
    cyclesRow('near-event of eprop-event (three terms of three factors)', event.synapse, null),
    cyclesRow('a near-event of eprop, beside its synapses', eprop.column, null),
    cyclesRow('sweep of a synapse by tag and learning signal', sweep.synapse, null),
    cyclesRow('learning signal, a synapse of the feedback', synapse, null),
    cyclesRow('learning signal, a neuron beside its synapses', some - few * synapse - withoutErrors, null),
  ];
}

/** Each line spikes once a period; the readout is asked for something else than it gives, or for what it gives. */
function drive(lines: number, error: boolean): Drive {
  const period = 24;
  const spikes = (tick: number) =>
    Array.from({ length: lines }, (_, n) => n).filter((n) => (tick + n * 7) % period === 0);
  return { before: 2 * period, ticks: period, spikes, reward: (tick) => (error && tick === 0 ? 0.5 : 0) };
}
