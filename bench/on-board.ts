import { compile } from '../src/compiler/compile.js';
import type { Target } from '../src/compiler/target.js';
import type { NetworkDescription } from '../src/network/description.js';
import { resolveNetwork } from '../src/network/resolve.js';
import { Board } from '../src/runtime/board.js';
import type { BoardKind } from '../src/runtime/board-kind.js';
import { openVirtual } from '../src/runtime/in-process.js';
import type { Transport } from '../src/runtime/transport.js';

/** Compiles a network, loads it onto a virtual board in this process, and closes that when `use` is done. */
export async function onVirtualBoard<Result>(
  description: NetworkDescription,
  target: Target,
  use: (board: Board) => Promise<Result>,
): Promise<Result> {
  return onBoard(openVirtual({ id: target.id, name: target.name }), description, target, use);
}

/** The same on a board of a kind that is started for it and ended afterwards. */
export async function onStartedBoard<Result>(
  kind: BoardKind,
  description: NetworkDescription,
  target: Target,
  use: (board: Board) => Promise<Result>,
): Promise<Result> {
  const started = await kind.start();
  try {
    return await onBoard(await started.connect(), description, target, use);
  } finally {
    await started.close();
  }
}

async function onBoard<Result>(
  transport: Transport,
  description: NetworkDescription,
  target: Target,
  use: (board: Board) => Promise<Result>,
): Promise<Result> {
  const board = await Board.connect(transport);
  try {
    await board.load(compile(resolveNetwork(description), target).image);
    return await use(board);
  } finally {
    await board.close();
  }
}
