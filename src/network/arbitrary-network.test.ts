import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { arbitraryNetwork } from './arbitrary-network.testing.js';
import { checkNetwork } from './check.js';
import { validateNetwork } from './validate.js';

test('every generated network is valid, resolves, and survives JSON and YAML', () => {
  fc.assert(
    fc.property(arbitraryNetwork(), (network) => {
      expect(checkNetwork(network).problems).toEqual([]);
      expect(validateNetwork(JSON.parse(JSON.stringify(network)))).toEqual(network);
      expect(validateNetwork(parse(stringify(network)))).toEqual(network);
    }),
    { numRuns: 150 },
  );
});
