import { suite } from '../framework/suite.js';
import { powerCutCases } from './power-cuts.js';
import { savingCases } from './saving.js';

/** The learnt state is never lost: saved, restored, and safe from power cuts. */
export const persistence = suite('persistence', 'the saved state survives restarts and power cuts', [
  ...savingCases,
  ...powerCutCases,
]);
