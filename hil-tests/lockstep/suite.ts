import { suite } from '../framework/suite.js';
import { exampleCases } from './examples.js';
import { fullBoardCases } from './full-board.js';
import { generatedCases } from './generated.js';
import { lastTicksCases } from './last-ticks.js';
import { learningCoreCases } from './learning-core.js';
import { uncommonImageCases } from './uncommon-images.js';

/** `docs/core.md`: the board computes what the emulator computes, bit for bit. */
export const lockstep = suite('lockstep', 'the same bits as the emulator at every tick', [
  ...generatedCases,
  ...learningCoreCases,
  ...uncommonImageCases,
  ...lastTicksCases,
  ...fullBoardCases,
  ...exampleCases,
]);
