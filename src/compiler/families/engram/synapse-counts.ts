/** Lengths of a core's bulk sections while its blocks are laid out; each `take` gives the place of the piece. */
export class SynapseCounts {
  synapses = 0;
  readonly index = new Length();
  readonly targets = new Length();
  readonly weights8 = new Length();
  readonly weights16 = new Length();
  readonly columnAxons = new Length();
}

class Length {
  total = 0;

  take(count: number): number {
    const at = this.total;
    this.total += count;
    return at;
  }
}
