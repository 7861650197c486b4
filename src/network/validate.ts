import { EngramError } from '../errors/engram-error.js';
import { type Checked, checkNetwork } from './check.js';
import type { NetworkDescription } from './description.js';

/** A document that is a network description, or E0201 with everything that is wrong with it. */
export function validateNetwork(json: unknown): NetworkDescription {
  return checkedNetwork(json).description;
}

/** As `validateNetwork`, with the resolved network beside it. */
export function checkedNetwork(json: unknown): Extract<Checked, { problems: readonly [] }> {
  const checked = checkNetwork(json);
  if (checked.description !== null) return checked;
  const { problems } = checked;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  throw new EngramError('E0201', `the network description has ${count}`, { problems });
}
