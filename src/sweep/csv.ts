import { EngramError } from '../errors/engram-error.js';

/** Rows of cells as CSV (RFC 4180), with line feeds. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Cells of CSV (RFC 4180): fields in quotes may hold commas, line breaks and doubled quotes. Empty lines are left out.
 * Throws E1203 for a quote that is not closed.
 */
export function csvRows(text: string, file: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))[ \t]*(,|\r?\n|$)/gy;
  while (at < text.length) {
    fields.lastIndex = at;
    const match = fields.exec(text);
    if (!match) {
      const line = text.slice(0, at).split('\n').length;
      throw new EngramError('E1203', `${file}:${line}: a quote stands where none may, or is not closed`);
    }
    const [whole, quoted, plain, end] = match;
    row.push(quoted?.replaceAll('""', '"') ?? plain!.trim());
    at += whole.length;
    if (end === ',' && at < text.length) continue;
    if (end === ',') row.push('');
    if (row.some((field) => field !== '')) rows.push(row);
    row = [];
  }
  return rows;
}
