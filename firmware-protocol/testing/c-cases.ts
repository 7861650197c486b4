import type { FieldValues } from '../codec/values.js';
import { type Field, numberBytes } from '../declaration/field.js';
import { messages } from '../declaration/messages.js';
import { snakeCase } from '../generate/names.js';
import type { MessageVector, WireVectors } from '../generate/vectors.js';
import { fromHex } from './hex.js';

/** `cases.h` for `check-vectors.c`: the vectors as C arrays and one checking function each. */
export function cCases(vectors: WireVectors, maxPayload: number): string {
  const good = vectors.messages;
  return [
    `static const size_t max_payload = ${maxPayload};`,
    ...good.map((vector, index) => checkFunction(vector, index)),
    'static const message_case messages[] = {',
    ...good.map((vector, index) => {
      const { id } = messages[vector.message];
      const name = JSON.stringify(`${vector.message} ${vector.example}`);
      return `{ ${name}, ${id}, ${vector.sequence}, ${sized(vector.frame)}, ${sized(vector.payload)}, check_${index} },`;
    }),
    '};',
    'static const bad_frame_case bad_frames[] = {',
    ...vectors.badFrames.map(
      (bad) => `{ ${JSON.stringify(bad.what)}, ${sized(bad.frame)}, ${JSON.stringify(bad.reason)} },`,
    ),
    '};',
    'static void check_bad_payloads(void) {',
    ...vectors.badPayloads
      .filter((bad) => messages[bad.message].fields.length > 0)
      .map((bad) => {
        const type = `engram_${snakeCase(bad.message)}`;
        const name = JSON.stringify(`${bad.message}: ${bad.what}`);
        return `{ current = ${name}; ${type} m; EXPECT(${type}_read(${sized(bad.payload)}, &m) == ENGRAM_ERR_${bad.error}); }`;
      }),
    '}',
    '',
  ].join('\n');
}

/** "bytes, size" for an argument list. */
function sized(hex: string): string {
  const bytes = fromHex(hex);
  return `(const uint8_t[]){ ${bytes.length === 0 ? '0' : bytes.join(', ')} }, ${bytes.length}`;
}

function checkFunction(vector: MessageVector, index: number): string {
  const { fields } = messages[vector.message];
  const head = `static void check_${index}(const uint8_t *payload, size_t size) {`;
  if (fields.length === 0) return `${head} (void)payload; EXPECT(size == 0); }`;
  const type = `engram_${snakeCase(vector.message)}`;
  return [
    head,
    `  ${type} m;`,
    `  EXPECT(${type}_read(payload, size, &m) == ENGRAM_OK);`,
    ...expectFields('m', fields, vector.fields),
    '  static uint8_t again[8192];',
    `  EXPECT(${type}_write(again, sizeof again, &m) == (int32_t)size);`,
    '  EXPECT(memcmp(again, payload, size) == 0);',
    `  EXPECT(${type}_write(again, size - 1, &m) == -1);`,
    '}',
  ].join('\n');
}

function expectFields(owner: string, fields: readonly Field[], values: FieldValues): string[] {
  return fields.flatMap((field) => {
    const member = `${owner}.${snakeCase(field.name)}`;
    const value = values[field.name];
    switch (field.type) {
      case 'text':
        return expectNumbers(member, 'u8', new TextEncoder().encode(value as string));
      case 'bytes':
        return expectNumbers(member, 'u8', value as number[]);
      case 'list':
        return expectNumbers(member, field.of, value as number[]);
      case 'records':
        return expectRecords(member, field.record.name, field.record.fields, value as FieldValues[]);
      default:
        return [`  EXPECT(${member} == ${literal(value as number)});`];
    }
  });
}

function expectNumbers(member: string, of: keyof typeof numberBytes, numbers: ArrayLike<number>): string[] {
  return [
    `  EXPECT(${member}.count == ${numbers.length});`,
    ...Array.from(
      numbers,
      (value, index) =>
        `  EXPECT(engram_get_${of}(${member}.at + ${index * numberBytes[of]}) == ${literal(value)});`,
    ),
  ];
}

function expectRecords(member: string, name: string, fields: readonly Field[], all: FieldValues[]): string[] {
  const type = `engram_${snakeCase(name)}`;
  return [
    `  EXPECT(${member}.count == ${all.length});`,
    `  { engram_cursor c = engram_items(${member}); ${type} r;`,
    ...all.flatMap((one) => [
      `  EXPECT(${type}_take(&c, &r) == ENGRAM_OK);`,
      ...expectFields('r', fields, one),
    ]),
    '  (void)r; EXPECT(c.at == c.end); }',
  ];
}

/** C has no negative literals: −2^31 must not be spelt as the negation of 2^31. */
function literal(value: number): string {
  if (value >= 0)
    return `${value}u`.replace(/^(\d+)u$/, (whole, digits) => (value > 0x7fff_ffff ? whole : digits));
  return value === -0x8000_0000 ? '(-2147483647 - 1)' : `(${value})`;
}
