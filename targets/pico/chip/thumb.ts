/** As much of a Thumb assembler as the boot ROM stand-in needs. Instructions by their data sheet names. */
export class ThumbCode {
  readonly #halves: number[] = [];
  readonly #labels = new Map<string, number>();
  readonly #branches: { at: number; condition: number | null; label: string }[] = [];

  /** Offset of what comes next. */
  get here(): number {
    return this.#halves.length * 2;
  }

  label(name: string): this {
    this.#labels.set(name, this.here);
    return this;
  }

  half(value: number): this {
    this.#halves.push(value & 0xffff);
    return this;
  }

  word(value: number): this {
    return this.half(value).half(value >>> 16);
  }

  alignWord(): this {
    return this.here % 4 === 0 ? this : this.nop();
  }

  nop = () => this.half(0xbf00);
  wfi = () => this.half(0xbf30);
  bkpt = (number: number) => this.half(0xbe00 | number);
  bx = (register: number) => this.half(0x4700 | (register << 3));
  bxLr = () => this.bx(14);
  /** movs rd, #value */
  movs = (rd: number, value: number) => this.half(0x2000 | (rd << 8) | value);
  /** mov rd, rm */
  mov = (rd: number, rm: number) => this.half(0x4600 | ((rd & 8) << 4) | (rm << 3) | (rd & 7));
  /** adds rd, #value */
  adds = (rd: number, value: number) => this.half(0x3000 | (rd << 8) | value);
  /** cmp rn, rm */
  cmp = (rn: number, rm: number) => this.half(0x4280 | (rm << 3) | rn);
  /** cmp rn, #value */
  cmpValue = (rn: number, value: number) => this.half(0x2800 | (rn << 8) | value);
  /** ldrh rt, [rn, #offset] */
  ldrh = (rt: number, rn: number, offset: number) => this.half(0x8800 | ((offset / 2) << 6) | (rn << 3) | rt);
  beq = (label: string) => this.#branch(0, label);
  bne = (label: string) => this.#branch(1, label);
  b = (label: string) => this.#branch(null, label);

  addressOf(label: string): number {
    const address = this.#labels.get(label);
    if (address === undefined) throw new Error(`no label ${label}`);
    return address;
  }

  /** Code from offset 0, branches resolved. */
  assemble(bytes: number): Uint32Array<ArrayBuffer> {
    const halves = new Uint16Array(bytes / 2);
    halves.set(this.#halves);
    for (const { at, condition, label } of this.#branches) {
      const distance = (this.addressOf(label) - at - 4) / 2;
      halves[at / 2] =
        condition === null ? 0xe000 | (distance & 0x7ff) : 0xd000 | (condition << 8) | (distance & 0xff);
    }
    return new Uint32Array(halves.buffer);
  }

  #branch(condition: number | null, label: string): this {
    this.#branches.push({ at: this.here, condition, label });
    return this.half(0);
  }
}
