import { styleText } from 'node:util';
import { exitCodes } from '../errors/codes.js';
import { EngramError } from '../errors/engram-error.js';

/** Prints an error, as text on stderr or as one JSON object on stdout, and gives the process its exit code. */
export function reportFailure(error: unknown, json: boolean): void {
  const known = error instanceof EngramError ? error : fromPlatform(error);
  process.exitCode = known?.exitCode ?? exitCodes.internal;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ ok: false, error: failureData(known, error), warnings: [] })}\n`,
    );
    return;
  }
  process.stderr.write(known ? failureText(known) : bugText(error));
}

/** Errors of the platform that mean something to a user. */
function fromPlatform(error: unknown): EngramError | null {
  if (error instanceof Error && error.name === 'AbortError')
    return new EngramError('E0104', 'interrupted', { cause: error });
  return null;
}

/** The text form: code and message, labelled facts, all problems, remedies. */
export function failureText(error: EngramError): string {
  const paint = (format: 'red' | 'bold', text: string) =>
    styleText(format, text, { stream: process.stderr, validateStream: true });
  const label = (name: string) => `  ${name.padEnd(8)} `;
  const lines = [`${paint('red', `error[${error.code}]`)}: ${paint('bold', error.message)}`];
  for (const [name, text] of error.facts) lines.push(label(name) + text);
  for (const { path, message, allowed } of error.problems) {
    lines.push(`  ${path}: ${message.replaceAll('\n', '\n    ')}`);
    if (allowed) lines.push(`    allowed: ${allowed}`);
  }
  error.fix.forEach((text, n) => {
    lines.push(label(n === 0 ? 'fix' : 'or') + text);
  });
  return `${lines.join('\n')}\n`;
}

function failureData(known: EngramError | null, error: unknown) {
  if (!known)
    return { code: 'E0000', exit: exitCodes.internal, message: String(error), hint: [], context: {} };
  const { code, exitCode, message, fix, context, facts, problems } = known;
  return { code, exit: exitCode, message, hint: fix, context, facts: Object.fromEntries(facts), problems };
}

function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `error[E0000]: this is a bug in engram\n${stack}\n  fix      please report it with the command you ran\n`;
}
