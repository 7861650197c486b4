import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Curve } from './curve.js';
import { curveFigure } from './figure.js';
import { curvesPage } from './page.js';

interface File {
  /** From the root of the package. */
  readonly path: string;
  readonly text: string;
}

/** What `--write-docs` writes; a test compares it with what is there. */
export function filesOf(curves: readonly Curve[]): File[] {
  return [
    { path: 'docs/rule-curves.md', text: curvesPage(curves) },
    ...curves.map((curve) => ({ path: `docs/figures/rules/${curve.name}.svg`, text: curveFigure(curve) })),
  ];
}

export function writeFiles(root: string, files: readonly File[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
