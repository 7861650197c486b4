import type { Span } from './finding.js';

export interface Token extends Span {
  readonly kind: 'number' | 'name' | 'symbol' | 'end' | 'unknown';
  /** As written; `**` reads as `^`. */
  readonly text: string;
}

const patterns = [
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?/y],
  ['symbol', /\*\*|[-+*/^()]/y],
  ['unknown', /./suy],
] as const;

/** Splits an equation into tokens; the last one is `end`. Never fails: what it does not know is `unknown`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let place = 0; place < text.length; ) {
    const skipped = /\s*/y;
    skipped.lastIndex = place;
    place += skipped.exec(text)![0].length;
    if (place >= text.length) break;
    const token = tokenAt(text, place);
    tokens.push(token);
    place += token.length;
  }
  const last = tokens.at(-1);
  tokens.push({ kind: 'end', text: '', column: last ? last.column + last.length : 1, length: 1 });
  return tokens;
}

function tokenAt(text: string, place: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = place;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined)
      return { kind, text: found === '**' ? '^' : found, column: place + 1, length: found.length };
  }
  throw new RangeError(`no token at ${place}: the last pattern matches everything`);
}
