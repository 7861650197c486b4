import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { precisionFigure } from './figure.js';
import type { Result } from './result.js';
import { tablesOf } from './tables.js';
import { vanishedOf } from './vanished.js';

const begin = '<!-- study:precision begin: written by `npm run study:precision -- --write-docs` -->';
const end = '<!-- study:precision end -->';

/** Puts the figures into `docs/precision.md`, between its marks, and the plot beside it. */
export function writeDocs(root: string, results: readonly Result[]): void {
  const page = join(root, 'docs', 'precision.md');
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/precision.md has lost the marks ${begin} and ${end}`);
  writeFileSync(
    page,
    `${text.slice(0, from)}${begin}\n\n${tablesOf(results, vanishedOf())}\n\n${text.slice(to)}`,
  );
  mkdirSync(join(root, 'docs', 'figures'), { recursive: true });
  writeFileSync(join(root, 'docs', 'figures', 'precision.svg'), precisionFigure(results));
}
