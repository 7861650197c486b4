type Numbers = Uint32Array | Uint16Array | Int16Array | Int8Array;

/** Typed array that is put together from pieces; `add` gives the place of the piece. */
class Pieces<A extends Numbers> {
  length = 0;
  readonly #pieces: A[] = [];
  readonly #make: (length: number) => A;

  constructor(make: (length: number) => A) {
    this.#make = make;
  }

  add(piece: A): number {
    const at = this.length;
    this.#pieces.push(piece);
    this.length += piece.length;
    return at;
  }

  join(): A {
    if (this.#pieces.length === 1) return this.#pieces[0]!;
    const all = this.#make(this.length);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }
}

/** Bulk data of a core's blocks, as the image's sections hold them. */
export class SynapseArrays {
  synapses = 0;
  readonly index = new Pieces<Uint32Array>((length) => new Uint32Array(length));
  readonly targets = new Pieces<Uint16Array>((length) => new Uint16Array(length));
  readonly weights8 = new Pieces<Int8Array>((length) => new Int8Array(length));
  readonly weights16 = new Pieces<Int16Array>((length) => new Int16Array(length));
  readonly columnAxons = new Pieces<Uint16Array>((length) => new Uint16Array(length));

  addWeights(weights: Int8Array | Int16Array): number {
    return weights instanceof Int8Array ? this.weights8.add(weights) : this.weights16.add(weights);
  }
}
