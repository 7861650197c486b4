import { z } from 'zod';
import { networkSchema } from './schema.js';

/** The JSON Schema (draft 2020-12) of the description, as the text of `docs/network.schema.json`. */
export function networkJsonSchema(): string {
  const schema = z.toJSONSchema(networkSchema, { target: 'draft-2020-12', unrepresentable: 'any' });
  return `${JSON.stringify({ title: 'engram network', ...schema }, null, 2)}\n`;
}
