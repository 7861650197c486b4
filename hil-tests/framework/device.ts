import type { PowerSwitch, StartedBoard } from '../../src/runtime/board-kind.js';
import type { Transport } from '../../src/runtime/transport.js';

/** The board under test, however it is reached. */
export interface TestDevice {
  /** What a person calls it. */
  readonly name: string;
  /** Tests may take so many times longer than on a board in real time. */
  readonly patience: number;
  /** True for an emulated chip: its clock is not this computer's. */
  readonly emulated: boolean;
  readonly power: PowerSwitch | null;
  /** A fresh connection. */
  connect(): Promise<Transport>;
  /** Processor cycles since the start, where they are counted. */
  cycles(): Promise<number | null>;
}

/** A board that engram started, over one of its ways in. */
export function startedDevice(name: string, board: StartedBoard, way?: string): TestDevice {
  const emulated = name.endsWith('-emulated');
  return {
    name: way === undefined ? name : `${name}, ${way}`,
    patience: emulated ? 20 : 1,
    emulated,
    power: board.power,
    connect: () => board.connect(way),
    cycles: () => board.cycles(),
  };
}

/** A board on a line of its own: nobody can cut its power or count its cycles. */
export function attachedDevice(name: string, connect: () => Promise<Transport>): TestDevice {
  return { name, patience: 1, emulated: false, power: null, connect, cycles: async () => null };
}
