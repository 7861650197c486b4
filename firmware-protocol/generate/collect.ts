import { clearBits } from '../declaration/events.js';
import type { Field, RecordDeclaration, ValueSet } from '../declaration/field.js';
import { frameFlags } from '../declaration/frame.js';
import { messageNames, messages } from '../declaration/messages.js';

function allFields(): Field[] {
  const deep = (field: Field): Field[] =>
    field.type === 'records' ? [field, ...field.record.fields.flatMap(deep)] : [field];
  return messageNames.flatMap((name) => (messages[name].fields as readonly Field[]).flatMap(deep));
}

/** Every record the messages use, once, inner ones first. */
export function allRecords(): RecordDeclaration[] {
  const found = allFields().flatMap((field) => (field.type === 'records' ? [field.record] : []));
  return [...new Set(found)].reverse();
}

/** Every set of named values, once. */
export function allValueSets(): ValueSet[] {
  const found = allFields().flatMap((field) =>
    'set' in field && field.set !== undefined ? [field.set] : [],
  );
  return [...new Set<ValueSet>([frameFlags, ...found, clearBits])];
}
