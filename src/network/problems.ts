import type { z } from 'zod';
import type { Problem } from '../errors/engram-error.js';
import { closest } from '../learning/closest.js';

type Issue = z.core.$ZodIssue;
export type Path = readonly PropertyKey[];

/** `projections.a-b.weight.values[3]`; a name that is empty shows as `""`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = key === '' ? '""' : String(key);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** A value for an error message: short, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** Problems of one document from the schema's issues: what was seen, and what is allowed. */
export function schemaProblems(issues: readonly Issue[], document: unknown): Problem[] {
  return issues.flatMap((issue) => issueProblems(issue, [], document));
}

function issueProblems(issue: Issue, above: Path, document: unknown): Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue.errors);
    if (branch) return branch.flatMap((inner) => issueProblems(inner, path, document));
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownField(key, path, issue.message));
  return [seenProblem(path, issue, valueAt(document, path))];
}

/** The branch of a union that the value was meant for: its kind fits, and least is wrong with it. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const fitting = branches.filter((issues) => !issues.some(isWrongKind));
  const weight = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  return [...fitting].sort((a, b) => weight(a) - weight(b))[0] ?? null;
}

function isWrongKind({ path, code }: Issue): boolean {
  return path.length === 0 && code !== 'unrecognized_keys' && code !== 'too_small' && code !== 'too_big';
}

function unknownField(key: string, path: Path, allowed: string): Problem {
  const near = closest(key, allowed.replace(/^one of /, '').split(', '));
  return {
    path: pathText([...path, key]),
    message: near === null ? 'is not a field' : `is not a field; did you mean '${near}'?`,
    allowed,
  };
}

function seenProblem(path: Path, issue: Issue, value: unknown): Problem {
  const text = pathText(path);
  const where = text === '' ? 'network' : text;
  if (issue.code === 'invalid_key')
    return { path: where, message: 'has a name that is not allowed', allowed: issue.message };
  if (value === undefined) return { path: where, message: 'is missing', allowed: issue.message };
  const bareTime = typeof value === 'number' && issue.message.startsWith('a time');
  return {
    path: where,
    message: bareTime ? `is ${value}, a bare number: a time needs its unit` : `is ${show(value)}`,
    allowed: issue.message,
  };
}

/** What stands at a path of a document; undefined if nothing does. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
