/** Where a JSON text first goes wrong, and what was wanted there. */
export interface JsonMistake {
  /** Index in the text. */
  readonly offset: number;
  readonly message: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may hold any character but these
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const space = /[ \t\n\r]*/y;

/** The first mistake of a JSON text; null if there is none. `JSON.parse` does not always say where it is. */
export function jsonMistake(text: string): JsonMistake | null {
  const open: ('{' | '[')[] = [];
  let place = 0;
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = place;
    const found = pattern.exec(text);
    if (found) place = pattern.lastIndex;
    return found !== null;
  };
  const skip = () => match(space);
  const take = (char: string): boolean => {
    skip();
    if (text[place] !== char) return false;
    place++;
    return true;
  };
  const mistake = (wanted: string): JsonMistake => {
    skip();
    const seen =
      place >= text.length ? 'the text ends' : `'${String.fromCodePoint(text.codePointAt(place)!)}' stands`;
    return { offset: Math.min(place, text.length), message: `${seen} where ${wanted} should be` };
  };
  const key = (): JsonMistake | null => {
    skip();
    if (!match(string)) return mistake('a name in double quotes');
    return take(':') ? null : mistake("':'");
  };

  for (;;) {
    // A value begins here.
    if (take('{')) {
      if (!take('}')) {
        open.push('{');
        const wrong = key();
        if (wrong) return wrong;
        continue;
      }
    } else if (take('[')) {
      if (!take(']')) {
        open.push('[');
        continue;
      }
    } else if (!match(string) && !match(scalar)) return mistake('a value');
    // A value has ended; close what ends with it.
    for (;;) {
      const inside = open.at(-1);
      if (inside === undefined) {
        skip();
        return place === text.length ? null : mistake('the end');
      }
      if (take(',')) {
        const wrong = inside === '{' ? key() : null;
        if (wrong) return wrong;
        break;
      }
      const end = inside === '{' ? '}' : ']';
      if (!take(end)) return mistake(`',' or '${end}'`);
      open.pop();
    }
  }
}
