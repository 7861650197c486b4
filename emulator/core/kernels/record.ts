/** A record of 32-bit words in the board's memory: what a kernel works on. Field names give byte offsets. */
export interface RecordShape<Name extends string> {
  readonly at: Readonly<Record<Name, number>>;
  readonly bytes: number;
}

export function recordShape<const Names extends readonly string[]>(
  ...names: Names
): RecordShape<Names[number]> {
  const at = Object.fromEntries(names.map((name, n) => [name, 4 * n])) as Record<Names[number], number>;
  if (Object.keys(at).length < names.length) throw new RangeError('two fields of a record have one name');
  return { at, bytes: 4 * names.length };
}
