import type { WireErrorName } from '../../firmware-protocol/declaration/errors.js';
import { isEngramError } from '../../src/errors/engram-error.js';
import { boardWide, variableCodes } from '../../src/image/layout.js';
import type { Board } from '../../src/runtime/board.js';
import { check, fail } from '../framework/check.js';
import { inputUnits } from '../networks/input-units.js';
import type { SideBySide } from './side-by-side.js';

interface WrongRequest {
  readonly name: string;
  readonly error: WireErrorName;
  /** Null where this network has nothing to be wrong about. */
  ask(pair: SideBySide): Promise<unknown> | null;
}

const event = (tick: number) => ({ tick, channel: 0, value: 1 });
const control = { code: 1, population: 0xffff, argument: 1 };
const stateMax = 2 ** 23 - 1;

/** Requests that a board must refuse, and that must leave no trace in its state. */
export const wrongRequests: readonly WrongRequest[] = [
  {
    name: 'spikes of the past',
    error: 'TICK_PAST',
    ask: ({ board, test, machine }) => {
      const [unit] = inputUnits(test.image);
      return machine.tick === 0
        ? null
        : board.sendSpikes([machine.tick + 1, machine.tick - 1], [unit!, unit!]);
    },
  },
  {
    name: 'reward of the past',
    error: 'TICK_PAST',
    ask: ({ board, machine, test }) =>
      machine.tick === 0 || test.image.modulators.length === 0
        ? null
        : board.reward([event(machine.tick), event(machine.tick - 1)]),
  },
  {
    name: 'control of the past',
    error: 'TICK_PAST',
    ask: ({ board, machine }) =>
      machine.tick === 0
        ? null
        : board.control([
            { tick: machine.tick, ...control },
            { tick: machine.tick - 1, ...control },
          ]),
  },
  {
    name: 'spike of a unit that is none',
    error: 'UNKNOWN_UNIT',
    ask: ({ board, machine, test }) => board.sendSpikes([machine.tick], [test.image.network.unitCount]),
  },
  {
    name: 'spike of a neuron',
    error: 'UNKNOWN_UNIT',
    ask: ({ board, machine, test }) =>
      board.sendSpikes([machine.tick], [test.image.cores[0]!.neuronGroups[0]!.firstUnit]),
  },
  {
    name: 'reward on a channel that is none',
    error: 'UNKNOWN_CHANNEL',
    ask: ({ board, machine, test }) =>
      board.reward([event(machine.tick), { ...event(machine.tick), channel: test.image.modulators.length }]),
  },
  {
    name: 'control code that is none',
    error: 'UNKNOWN_CONTROL',
    ask: ({ board, machine }) => board.control([{ tick: machine.tick, ...control, code: 99 }]),
  },
  {
    name: 'control of a population that is none',
    error: 'UNKNOWN_POPULATION',
    ask: ({ board, machine, test }) =>
      board.control([
        { tick: machine.tick, ...control },
        { tick: machine.tick, ...control, population: test.image.populations.length },
      ]),
  },
  {
    name: 'read of a core that is none',
    error: 'UNKNOWN_CORE',
    ask: ({ board, test }) => board.readState(test.image.cores.length, 0, 0, 1),
  },
  {
    name: 'read of a variable that is none',
    error: 'UNKNOWN_VARIABLE',
    ask: ({ board }) => board.readState(0, 99, 0, 1),
  },
  {
    name: 'read past the end',
    error: 'OUT_OF_RANGE',
    ask: ({ board, test }) => board.readState(0, 0, test.image.cores[0]!.core.neuronCount, 1),
  },
  {
    name: 'write past the end',
    error: 'OUT_OF_RANGE',
    ask: ({ board, test }) =>
      board.writeState(0, 0, test.image.cores[0]!.core.neuronCount - 1, Int32Array.of(1, 1)),
  },
  {
    name: 'write of what cannot be written',
    error: 'READ_ONLY',
    ask: ({ board, test }) => {
      const still = test.image.cores[0]!.blocks.find(
        ({ flags, synapseCount }) => !(flags & 1) && synapseCount > 0,
      );
      return still ? board.writeState(0, variableCodes.weight, still.firstSynapse, Int32Array.of(1)) : null;
    },
  },
  {
    name: 'write of a value beyond its bounds',
    error: 'BAD_VALUE',
    ask: ({ board }) => board.writeState(0, variableCodes.v, 0, Int32Array.of(stateMax + 1)),
  },
  {
    name: 'write of a weight beyond its bounds',
    error: 'BAD_VALUE',
    ask: ({ board, test }) => {
      const plastic = test.image.cores[0]!.blocks.find(
        ({ flags, synapseCount }) => flags & 1 && synapseCount > 0,
      );
      return plastic && plastic.wMax < 32_767
        ? board.writeState(0, variableCodes.weight, plastic.firstSynapse, Int32Array.of(plastic.wMax + 1))
        : null;
    },
  },
  {
    name: 'write of a modulator beyond its bounds',
    error: 'BAD_VALUE',
    ask: ({ board, test }) =>
      test.image.modulators.length === 0
        ? null
        : board.writeState(boardWide, variableCodes.modulator, 0, Int32Array.of(-stateMax - 1)),
  },
  { name: 'run past the last tick', error: 'TICK_LIMIT', ask: ({ board }) => board.run(0xffff_ffff) },
  {
    name: 'selection of a population that is none',
    error: 'UNKNOWN_POPULATION',
    ask: ({ board, test }) => board.selectSpikes(test.image.populations.length, true),
  },
];

/** Asks one of them; gives its name if the network had something to be wrong about. */
export async function askWrong(pair: SideBySide, number: number): Promise<string | null> {
  const { name, error, ask } = wrongRequests[number % wrongRequests.length]!;
  const asked = ask(pair);
  if (asked === null) return null;
  const found = await outcome(pair.board, asked);
  check(found === error, `${name} should be refused`, { expected: error, found });
  return name;
}

async function outcome(board: Board, asked: Promise<unknown>): Promise<unknown> {
  try {
    await asked;
  } catch (error) {
    if (!isEngramError(error)) throw error;
    await board.ping();
    return error.context['wireError'] ?? `${error.code}: ${error.message}`;
  }
  return fail('a wrong request was done', { tick: board.tick });
}
