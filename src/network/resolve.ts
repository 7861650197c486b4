import type { NetworkDescription } from './description.js';
import type { ResolvedNetwork } from './resolved.js';
import { checkedNetwork } from './validate.js';

/**
 * The network with all defaults filled in, names as indices and times in ticks. Checks the description as
 * `validateNetwork` does, so that one written in code needs no validation of its own. Throws E0201.
 */
export function resolveNetwork(description: NetworkDescription): ResolvedNetwork {
  return checkedNetwork(description).resolved;
}
