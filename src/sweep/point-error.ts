import { EngramError } from '../errors/engram-error.js';
import type { PointError } from './point.js';

const mostProblems = 3;

/** An error as it is recorded: one line with the first of its problems. */
export function pointError(error: unknown): PointError {
  if (!(error instanceof Error)) return { code: 'Error', message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  if (!(error instanceof EngramError)) return { code: code ?? error.name, message: oneLine(error.message) };
  const problems = error.problems
    .slice(0, mostProblems)
    .map(({ path, message, allowed }) => `${path}: ${message}${allowed ? ` (allowed: ${allowed})` : ''}`);
  const more = error.problems.length - problems.length;
  const text = [error.message, ...problems, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return { code: error.code, message: oneLine(text) };
}

export function pointErrorText({ code, message }: PointError): string {
  return `${code}: ${message}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
