import { type WireErrorName, wireErrors } from '../../firmware-protocol/declaration/errors.js';

/** A request is refused: which error of the wire, its detail, and a sentence for a person. */
export class Refusal extends Error {
  readonly wireError: WireErrorName;
  readonly detail: number;

  constructor(wireError: WireErrorName, detail = 0, text: string = wireErrors[wireError].text) {
    super(text);
    this.name = 'Refusal';
    this.wireError = wireError;
    this.detail = detail;
  }
}
