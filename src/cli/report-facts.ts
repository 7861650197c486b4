import type { Target } from '../compiler/target.js';
import type { Board } from '../runtime/board.js';
import type { RunOptions } from './run-options.js';

type Facts = readonly (readonly [name: string, value: string])[];

/** What a report says of the board and what ran on it. */
export function boardFacts(board: Board, target: Target, stateHash: string): Facts {
  const { network, cores, host } = board.image;
  const seconds = (board.tick * network.tickMicroseconds) / 1e6;
  const synapses = cores.reduce((sum, { core }) => sum + core.synapseCount, 0);
  return [
    ['network', `${host.name}, compiled for ${target.name}`],
    ['size', `${network.unitCount.toLocaleString('en')} units, ${synapses.toLocaleString('en')} synapses`],
    ['board time', `${board.tick.toLocaleString('en')} ticks, ${seconds.toLocaleString('en')} s`],
    ['state hash', stateHash],
  ];
}

/** Each option of the task with its value, defaults too. */
export function optionFacts(options: unknown): Facts {
  return Object.entries(options as Record<string, unknown>).map(([name, value]) => [name, String(value)]);
}

/** The command as it can be given again. */
export function commandText({
  args,
  options,
}: {
  readonly args: readonly string[];
  readonly options: RunOptions;
}): string {
  const { task, set = {}, board, port, tcp, target, cores } = options;
  const named = (flag: string, value: unknown) => (value === undefined ? [] : [`--${flag} ${value}`]);
  return [
    'engram run',
    ...args,
    ...named('task', task),
    ...Object.entries(set).map(([name, value]) => `--set ${name}=${value}`),
    ...(port === undefined && tcp === undefined ? named('board', board) : []),
    ...named('port', port),
    ...named('tcp', tcp && `${tcp.host}:${tcp.port}`),
    ...named('target', target),
    ...named('cores', cores),
  ].join(' ');
}
