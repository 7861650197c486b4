import { rangeOf } from '../codec/encode.js';
import { type Field, type NumberField, numberBytes, numberRange } from '../declaration/field.js';
import { snakeCase } from './names.js';

const cTypes = { u8: 'uint8_t', u16: 'uint16_t', u32: 'uint32_t', i16: 'int16_t', i32: 'int32_t' } as const;

const isNumber = (field: Field): field is NumberField => field.type in numberBytes;

/**
 * Offsets, struct, `take` (reads from a cursor), `put` (writes behind what stands), and for messages `read` and
 * `write` over a whole payload. A message without fields has none of these.
 */
export function structCode(
  declared: string,
  doc: string,
  fields: readonly Field[],
  kind: 'record' | 'message',
): string {
  if (fields.length === 0) return '';
  const name = `engram_${snakeCase(declared)}`;
  const lines = [
    `/* ${kind === 'message' ? `${declared}: ` : ''}${doc} */`,
    ...offsets(name.toUpperCase(), fields),
    'typedef struct {',
    ...fields.map(member),
    `} ${name};`,
    '',
    ...take(name, fields),
    '',
    ...put(name, fields),
  ];
  if (kind === 'message') lines.push('', ...whole(name));
  return `${lines.join('\n')}\n`;
}

/** Offsets of the fields whose place is fixed, and the size where all are. */
function offsets(prefix: string, fields: readonly Field[]): string[] {
  const lines: string[] = [];
  let at = 0;
  for (const field of fields) {
    lines.push(`#define ${prefix}_AT_${snakeCase(field.name).toUpperCase()} ${at}u`);
    if (!isNumber(field)) return lines;
    at += numberBytes[field.type];
  }
  return [...lines, `#define ${prefix}_SIZE ${at}u`];
}

function member(field: Field): string {
  const type = isNumber(field) ? cTypes[field.type] : 'engram_view';
  const unit = isNumber(field) && field.unit !== undefined ? ` [${field.unit}]` : '';
  return `  ${type} ${snakeCase(field.name)}; /* ${field.doc}${unit} */`;
}

function take(name: string, fields: readonly Field[]): string[] {
  return [
    '/* Reads one at the cursor and moves it on; ENGRAM_OK, BAD_LENGTH or BAD_VALUE. */',
    `static inline uint32_t ${name}_take(engram_cursor *c, ${name} *out) {`,
    ...fields.flatMap(takeField).map((line) => `  ${line}`),
    '  return ENGRAM_OK;',
    '}',
  ];
}

function takeField(field: Field): string[] {
  const to = `out->${snakeCase(field.name)}`;
  if (isNumber(field)) {
    const size = numberBytes[field.type];
    return [
      `if (engram_left(c) < ${size}u) return ENGRAM_ERR_BAD_LENGTH;`,
      `${to} = (${cTypes[field.type]})engram_get_${field.type}(c->at); c->at += ${size};`,
      ...rangeCheck(field, to),
    ];
  }
  const count = countType(field);
  const lines = [
    `if (engram_left(c) < ${numberBytes[count]}u) return ENGRAM_ERR_BAD_LENGTH;`,
    `${to}.count = engram_get_${count}(c->at); c->at += ${numberBytes[count]};`,
  ];
  if (field.type === 'records') {
    const inner = `engram_${snakeCase(field.record.name)}`;
    return [
      ...lines,
      `${to}.at = c->at;`,
      `for (uint32_t i = 0; i < ${to}.count; i++) {`,
      `  ${inner} one; const uint32_t bad = ${inner}_take(c, &one);`,
      '  if (bad) return bad;',
      '}',
      `${to}.size = (uint32_t)(c->at - ${to}.at);`,
    ];
  }
  const itemSize = field.type === 'list' ? numberBytes[field.of] : 1;
  lines.push(`if (!engram_take_view(c, ${to}.count, ${itemSize}u, &${to})) return ENGRAM_ERR_BAD_LENGTH;`);
  if (field.type === 'text') lines.push(`if (${to}.count > ${field.max}u) return ENGRAM_ERR_BAD_VALUE;`);
  return lines;
}

function rangeCheck(field: NumberField, value: string): string[] {
  const [low, high] = numberRange[field.type];
  const [min, max] = rangeOf(field);
  const suffix = low === 0 ? 'u' : '';
  const checks: string[] = [];
  if (min > low) checks.push(`${value} < ${min}${suffix}`);
  if (max < high) checks.push(`${value} > ${max}${suffix}`);
  return checks.length === 0 ? [] : [`if (${checks.join(' || ')}) return ENGRAM_ERR_BAD_VALUE;`];
}

function put(name: string, fields: readonly Field[]): string[] {
  return [
    '/* Writes one at at; returns where it ends, or NULL if end would be passed. Values are not checked. */',
    `static inline uint8_t *${name}_put(uint8_t *at, uint8_t *end, const ${name} *in) {`,
    `  if ((size_t)(end - at) < ${sizeExpression(fields)}) return NULL;`,
    ...fields.flatMap(putField).map((line) => `  ${line}`),
    '  return at;',
    '}',
  ];
}

function sizeExpression(fields: readonly Field[]): string {
  let fixed = 0;
  const views: string[] = [];
  for (const field of fields) {
    if (isNumber(field)) {
      fixed += numberBytes[field.type];
    } else {
      fixed += countSize(field);
      views.push(`in->${snakeCase(field.name)}.size`);
    }
  }
  return [`(size_t)${fixed}u`, ...views].join(' + ');
}

const countType = (field: Exclude<Field, NumberField>) =>
  field.type === 'text' ? 'u8' : field.type === 'bytes' ? 'u16' : field.count;

const countSize = (field: Exclude<Field, NumberField>) => numberBytes[countType(field)];

function putField(field: Field): string[] {
  const from = `in->${snakeCase(field.name)}`;
  if (isNumber(field)) return [`engram_put_${field.type}(at, ${from}); at += ${numberBytes[field.type]};`];
  return [
    `engram_put_${countType(field)}(at, ${from}.count); at += ${countSize(field)};`,
    `at = engram_put_view(at, ${from});`,
  ];
}

function whole(name: string): string[] {
  return [
    '/* Reads a whole payload; ENGRAM_OK, BAD_LENGTH or BAD_VALUE. */',
    `static inline uint32_t ${name}_read(const uint8_t *payload, size_t size, ${name} *out) {`,
    '  engram_cursor c = { payload, payload + size };',
    `  const uint32_t bad = ${name}_take(&c, out);`,
    '  if (bad) return bad;',
    '  return c.at == c.end ? ENGRAM_OK : ENGRAM_ERR_BAD_LENGTH;',
    '}',
    '',
    '/* Writes a whole payload; its size, or -1 if capacity is too small. */',
    `static inline int32_t ${name}_write(uint8_t *payload, size_t capacity, const ${name} *in) {`,
    `  uint8_t *end = ${name}_put(payload, payload + capacity, in);`,
    '  return end == NULL ? -1 : (int32_t)(end - payload);',
    '}',
  ];
}
