import type { Placement } from './passes.js';
import type { Target } from './target.js';

/**
 * Pass 4: which core of the chip takes which part. Parts that follow each other in the description talk most to
 * each other, so they are laid on the mesh in a snake: every step is one hop. After `partition`, which fixes the parts.
 */
export function place(parts: Placement, target: Target): { cores: Placement; mesh: MeshPosition[] } {
  const [columns] = target.mesh ?? [target.cores];
  const mesh = parts.map((_, n): MeshPosition => {
    const row = Math.floor(n / columns);
    const step = n % columns;
    return { row, column: row % 2 === 0 ? step : columns - 1 - step };
  });
  return { cores: parts, mesh };
}

/** Where a core stands on the mesh. */
export interface MeshPosition {
  readonly row: number;
  readonly column: number;
}

/** Links a spike crosses between two cores. */
export function hops(a: MeshPosition, b: MeshPosition): number {
  return Math.abs(a.row - b.row) + Math.abs(a.column - b.column);
}
