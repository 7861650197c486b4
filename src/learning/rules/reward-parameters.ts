import type { RuleDefinition } from '../definition.js';

/** Parameters of the rules in which a modulator turns tags into weight. */
export const rewardParameters = {
  tauTag: {
    kind: 'time',
    default: '1 s',
    description: 'time constant of the tag; "none": it does not decay',
  },
  rate: {
    kind: 'number',
    default: 1e-4,
    unit: 'weight per tag, modulator and ms',
    description: 'learning rate; it depends on the range of the weights, so set it',
  },
} as const satisfies RuleDefinition['parameters'];
