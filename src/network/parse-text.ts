import type { Document } from 'yaml';
import { EngramError } from '../errors/engram-error.js';
import { jsonMistake } from './json-position.js';

/** A parsed text, and where its things stand. */
export interface ParsedText {
  readonly value: unknown;
  /** Reads the text once more and gives what finds positions in it. */
  positions(): Promise<PositionOf>;
}

/** "line:column" of what is at a problem's path, or of the nearest thing around it; null if nothing is known. */
export type PositionOf = (path: string) => string | null;

/**
 * Parses a description. `name` is the file's, for messages. Throws E0202 with the position of each mistake.
 * The YAML parser is loaded only for YAML and for positions: a sound JSON file does without.
 */
export async function parseText(text: string, format: 'json' | 'yaml', name: string): Promise<ParsedText> {
  return format === 'json' ? parseJson(text, name) : parseYaml(text, name);
}

function parseJson(text: string, name: string): ParsedText {
  const content = text.replace(/^\uFEFF/, '');
  try {
    // The positions are wanted only if something is wrong: then the text, as JSON is YAML, is read once more.
    return { value: JSON.parse(content), positions: () => locator(content) };
  } catch (cause) {
    const found = jsonMistake(content);
    const problem = found
      ? { path: lineAndColumn(content, found.offset), message: found.message }
      : { path: name, message: (cause as Error).message };
    throw notParsed(name, 'JSON', [problem], cause);
  }
}

async function parseYaml(text: string, name: string): Promise<ParsedText> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  let document: Document;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    value = document.errors.length === 0 ? document.toJS() : undefined;
  } catch (cause) {
    throw notParsed(name, 'YAML', [{ path: name, message: (cause as Error).message }], cause);
  }
  const mistakes = document.errors.map(({ pos, message }) => {
    const { line, col } = lines.linePos(pos[0]);
    return { path: `line ${line}, column ${col}`, message };
  });
  if (mistakes.length > 0) throw notParsed(name, 'YAML', mistakes, document.errors[0]);
  return { value, positions: () => locator(text) };
}

function notParsed(
  name: string,
  language: string,
  problems: readonly { path: string; message: string }[],
  cause: unknown,
): EngramError {
  return new EngramError('E0202', `${name} is not valid ${language}`, { problems, cause });
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** Finds paths in a text that parses; JSON is YAML. */
async function locator(text: string): Promise<PositionOf> {
  const { isNode, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return (path) => {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
    const steps = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    for (let length = steps.length; length > 0; length--) {
      const node = document.getIn(steps.slice(0, length), true);
      if (!isNode(node) || !node.range) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return `${line}:${col}`;
    }
    return null;
  };
}
