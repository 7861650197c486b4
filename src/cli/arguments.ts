import { InvalidArgumentError } from 'commander';

/** A whole number of at least 0, for an option's value. */
export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
}

/** A whole number of at least 1. */
export function atLeastOne(text: string): number {
  if (wholeNumber(text) > 0) return Number(text);
  throw new InvalidArgumentError('expected a whole number of at least 1');
}

/** `host:port` or `port` alone (this machine). */
export function hostAndPort(text: string): { host: string; port: number } {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65535) throw new InvalidArgumentError('expected HOST:PORT or PORT');
  return { host: match[1] ?? '127.0.0.1', port };
}

/** Collects `key=value` options that may be given several times. */
export function keyValue(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const match = /^([^=]+)=(.*)$/.exec(text);
  if (!match) throw new InvalidArgumentError('expected NAME=VALUE');
  return { ...previous, [match[1]!]: match[2]! };
}

/** Collects an option that may be given several times. */
export function listed(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}
