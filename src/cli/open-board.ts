import type { MakeMachine } from '../../emulator/board/loaded-image.js';
import { loadTarget } from '../compiler/load-target.js';
import type { Target } from '../compiler/target.js';
import { EngramError } from '../errors/engram-error.js';
import { Board } from '../runtime/board.js';
import type { Transport } from '../runtime/transport.js';

/** Options that choose a board; every command that needs one has them. */
export interface BoardOptions {
  board: string;
  port?: string;
  tcp?: { host: string; port: number };
  /** Of the virtual board. */
  threads?: number;
}

/** True for a board on a line: one that was there before and stays after. */
export function isAttached({ board, port, tcp }: BoardOptions): boolean {
  return port !== undefined || tcp !== undefined || board === 'usb';
}

/**
 * Target to compile for: the one named, or that of the kind of board, or the pico. Throws E0101 where the kind of board
 * runs images for another target than the one named.
 */
export async function targetOf(options: BoardOptions & { target?: string }): Promise<Target> {
  const { board, target } = options;
  if (isAttached(options) || board === 'virtual') return loadTarget(target ?? 'pico');
  const { startedKinds } = await import('./board-kinds.js');
  const kind = (await startedKinds()).find(({ name }) => name === board);
  if (kind === undefined || target === undefined || target === kind.target)
    return loadTarget(kind?.target ?? target ?? 'pico');
  throw new EngramError('E0101', `board '${board}' runs images for ${kind.target}, not for ${target}`, {
    fix: [`leave out --target ${target}`],
  });
}

/** Connects to the board that the options name, starting it if need be; closing the session ends what was started. */
export async function openBoard(options: BoardOptions, target: Target, signal: AbortSignal): Promise<Board> {
  if (options.threads !== undefined && (isAttached(options) || options.board !== 'virtual'))
    throw new EngramError('E0101', '--threads is for the virtual board', {
      fix: ['leave out --threads, or run with --board virtual'],
    });
  const transport = isAttached(options)
    ? await openLine(options)
    : await startAndConnect(options, target, signal);
  return Board.connect(transport, { signal });
}

/** The line of an attached board. */
export async function openLine({ port, tcp }: BoardOptions): Promise<Transport> {
  if (port !== undefined) {
    const { openSerial } = await import('../runtime/serial.js');
    return openSerial(port);
  }
  if (tcp !== undefined) {
    const { openTcp } = await import('../runtime/tcp.js');
    return openTcp(tcp.host, tcp.port);
  }
  const { openUsb } = await import('../runtime/usb.js');
  return openUsb();
}

async function startAndConnect(
  { board: name, threads }: BoardOptions,
  target: Target,
  signal: AbortSignal,
): Promise<Transport> {
  if (name === 'virtual') {
    const { openVirtual } = await import('../runtime/in-process.js');
    return openVirtual(
      { id: target.id, name: target.name },
      threads === undefined ? undefined : await onThreads(threads),
    );
  }
  const { boardKind, checkAvailable } = await import('./board-kinds.js');
  const kind = await boardKind(name, target);
  await checkAvailable(kind);
  const started = await kind.start({ signal });
  try {
    const line = await started.connect();
    const close = async () => {
      await line.close();
      await started.close();
    };
    return {
      info: line.info,
      start: (handlers) => line.start(handlers),
      send: (bytes) => line.send(bytes),
      close,
    };
  } catch (error) {
    await started.close();
    throw error;
  }
}

/** Machines that spread the cores of an image over so many threads. */
async function onThreads(threads: number): Promise<MakeMachine> {
  const { Machine } = await import('../../emulator/core/machine.js');
  const { workerTeam } = await import('../../emulator/threads/worker-team.js');
  return (image) => new Machine(image, { team: workerTeam(threads) });
}
