import { type ErrorCode, errorCodes } from './codes.js';

/** One finding inside an error: where it is, what is there, what is allowed. */
export interface Problem {
  /** Path in the document, e.g. `populations.hidden.size`, or a position in a text. */
  readonly path: string;
  readonly message: string;
  /** What is allowed there, in words. */
  readonly allowed?: string;
}

export interface ErrorDetails {
  /** Labelled facts shown under the message, in order: `[['limit', '256 neurons'], …]`. */
  readonly facts?: readonly (readonly [label: string, text: string])[];
  /** What the user can do, one remedy a line. */
  readonly fix?: readonly string[];
  /** All findings, where one check found several. */
  readonly problems?: readonly Problem[];
  /** Machine-readable values for `--json`. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class: a stable code, a message that names the thing, facts, and remedies. */
export class EngramError extends Error {
  readonly code: ErrorCode;
  readonly facts: readonly (readonly [string, string])[];
  readonly fix: readonly string[];
  readonly problems: readonly Problem[];
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'EngramError';
    this.code = code;
    this.facts = details.facts ?? [];
    this.fix = details.fix ?? [];
    this.problems = details.problems ?? [];
    this.context = details.context ?? {};
  }

  /** Process exit code that stands for this kind of error (see `docs/errors.md`). */
  get exitCode(): number {
    return errorCodes[this.code].exit;
  }
}

/** True for an `EngramError`, of the given code if one is named. */
export function isEngramError(error: unknown, code?: ErrorCode): error is EngramError {
  return error instanceof EngramError && (code === undefined || error.code === code);
}
