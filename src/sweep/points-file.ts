import { EngramError } from '../errors/engram-error.js';
import { csvRows } from './csv.js';
import type { Value } from './point.js';
import { parseValue } from './settings.js';

type Settings = Readonly<Record<string, Value>>;

/**
 * Parameter sets of a file, one a line: CSV whose heading names them, JSON lines, or one JSON list of objects (by the
 * ending `.csv`, `.jsonl` or `.ndjson`, `.json`). An empty cell leaves the parameter as it is. Throws E1203.
 */
export function readPoints(text: string, file: string): Settings[] {
  const content = text.replace(/^\uFEFF/, '');
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase();
  const sets =
    ending === 'csv'
      ? fromCsv(content, file)
      : ending === 'json'
        ? fromList(content, file)
        : ending === 'jsonl' || ending === 'ndjson'
          ? fromLines(content, file)
          : null;
  if (sets === null)
    throw new EngramError('E1203', `${file} is no file of points that engram knows`, {
      facts: [['endings', '.csv .json .jsonl .ndjson']],
    });
  if (sets.length > 0) return sets;
  throw new EngramError('E1203', `${file} holds no points`);
}

function fromCsv(text: string, file: string): Settings[] {
  const [heading = [], ...rows] = csvRows(text, file);
  const twice = heading.find((name, n) => name === '' || heading.indexOf(name) < n);
  if (twice !== undefined)
    throw new EngramError('E1203', `${file}: the heading has '${twice}' ${twice ? 'twice' : 'as a name'}`);
  return rows.map((cells, n) => {
    if (cells.length !== heading.length)
      throw new EngramError('E1203', `${file}: point ${n + 1} has ${cells.length} values`, {
        facts: [['heading', `${heading.length} names: ${heading.join(', ')}`]],
      });
    return Object.fromEntries(
      heading.flatMap((name, column) =>
        cells[column] === '' ? [] : [[name, parseValue(cells[column]!)] as const],
      ),
    );
  });
}

function fromList(text: string, file: string): Settings[] {
  const list = json(text, file);
  if (Array.isArray(list)) return list.map((value, n) => settings(value, `${file}: point ${n + 1}`));
  throw new EngramError('E1203', `${file} is not a list of objects`);
}

function fromLines(text: string, file: string): Settings[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, n) =>
      line.trim() === '' ? [] : [settings(json(line, `${file}:${n + 1}`), `${file}:${n + 1}`)],
    );
}

function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngramError('E1203', `${where} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

function settings(value: unknown, where: string): Settings {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  throw new EngramError('E1203', `${where} is not an object of values by name`);
}
