import { existsSync, readdirSync } from 'node:fs';
import type { Target } from '../compiler/target.js';
import { EngramError } from '../errors/engram-error.js';
import type { BoardKind } from '../runtime/board-kind.js';
import { virtualKind } from '../runtime/virtual-board-kind.js';

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const targets = new URL('../../targets/', import.meta.url);

/** Boards that engram can start itself: those of `targets/<folder>/board.ts`. The virtual one is not among them. */
export async function startedKinds(): Promise<readonly BoardKind[]> {
  const modules = readdirSync(targets)
    .sort()
    .map((folder) => new URL(`${folder}/board.${ending}`, targets))
    .filter((file) => existsSync(file));
  const kinds = await Promise.all(
    modules.map(
      async ({ href }) => ((await import(href)) as { boardKinds: readonly BoardKind[] }).boardKinds,
    ),
  );
  return kinds.flat();
}

/** A kind by its name; `target` is what the virtual board stands for. Throws E0101. */
export async function boardKind(name: string, target: Target): Promise<BoardKind> {
  if (name === 'virtual') return virtualKind(target);
  const kinds = await startedKinds();
  const found = kinds.find((kind) => kind.name === name);
  if (found) return found;
  throw new EngramError('E0101', `there is no kind of board '${name}'`, {
    facts: [['kinds', ['virtual', ...kinds.map((kind) => kind.name)].join(', ')]],
    fix: ['see what can be started here: engram boards'],
  });
}

/** Throws E0606, which says what is missing on this machine. */
export async function checkAvailable(kind: BoardKind): Promise<void> {
  const missing = await kind.unavailable();
  if (missing === null) return;
  throw new EngramError('E0606', `a board of kind '${kind.name}' cannot be started here: ${missing}`, {
    context: { kind: kind.name },
  });
}
