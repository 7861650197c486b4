import type { Problem } from '../errors/engram-error.js';

/** E0301: the text is not in the notation. E0302: it is, but means something the core cannot do. */
export type FindingCode = 'E0301' | 'E0302';

/** Something wrong with a rule, or with the parameters it is given. */
export interface RuleFinding extends Problem {
  readonly code: FindingCode;
  /** `parameter`: wrong in what the user of the rule gave; `definition`: wrong in the rule itself. */
  readonly scope: 'definition' | 'parameter';
}

/** A stretch of an equation, columns from 1. */
export interface Span {
  readonly column: number;
  readonly length: number;
}

const before = 40;
const shown = 90;

/** The message, the equation (of a long one the part around the stretch), and carets under the stretch. */
export function withCaret(message: string, target: string, text: string, { column, length }: Span): string {
  const first = text.length <= shown ? 0 : Math.max(0, column - 1 - before);
  const part = text.slice(first, first + shown).replace(/\s/g, ' ');
  const start = `  ${target} = ${first > 0 ? '…' : ''}`;
  const end = first + shown < text.length ? '…' : '';
  const place = column - 1 - first;
  const carets = `^${'~'.repeat(Math.max(0, Math.min(length, shown - place) - 1))}`;
  return `${message}\n${start}${part}${end}\n${' '.repeat(start.length + place)}${carets}`;
}
