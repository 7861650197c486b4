import { suite } from '../framework/suite.js';
import { framingCases } from './framing.js';
import { inputCases } from './input.js';
import { interventionCases } from './interventions.js';
import { payloadCases } from './payloads.js';
import { requestCases } from './requests.js';
import { sessionCases } from './sessions.js';
import { stateCases } from './state.js';
import { streamCases } from './streams.js';
import { transferCases } from './transfers.js';

/** `docs/wire.md`, clause by clause, with raw frames. */
export const conformance = suite('conformance', 'the wire protocol, clause by clause', [
  ...sessionCases,
  ...requestCases,
  ...payloadCases,
  ...framingCases,
  ...transferCases,
  ...inputCases,
  ...stateCases,
  ...streamCases,
  ...interventionCases,
]);
