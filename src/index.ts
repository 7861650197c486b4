/** What a program or a network module imports from `engram`. */
export { z } from 'zod';
export { VirtualBoard } from '../emulator/board/virtual-board.js';
export { Machine, type MachineOptions } from '../emulator/core/machine.js';
export { workerTeam } from '../emulator/threads/worker-team.js';
export { type Compiled, type CompileOptions, compile } from './compiler/compile.js';
export { listTargets, loadTarget } from './compiler/load-target.js';
export type { CompileReport } from './compiler/report.js';
export type { Target } from './compiler/target.js';
export { EngramError, isEngramError } from './errors/engram-error.js';
export type { Image } from './image/image.js';
export { readImage } from './image/read.js';
export { network } from './network/builder.js';
export { type ChoiceMemory, type ChoiceMemoryOptions, choiceMemory } from './network/choice-memory.js';
export type { NetworkDescription } from './network/description.js';
export { loadNetwork } from './network/load.js';
export { resolveNetwork } from './network/resolve.js';
export { validateNetwork } from './network/validate.js';
export { Board } from './runtime/board.js';
export { inProcess, openVirtual } from './runtime/in-process.js';
export { openSerial } from './runtime/serial.js';
export { openTcp } from './runtime/tcp.js';
export type { Transport } from './runtime/transport.js';
export { openUsb, openUsbDevice } from './runtime/usb.js';
export { playTask } from './tasks/play.js';
export { argmax, ReadoutMean, softmax } from './tasks/readout.js';
export {
  defineTask,
  type SpikeRecord,
  type Step,
  type Task,
  type TaskContext,
  type Trial,
} from './tasks/task.js';
