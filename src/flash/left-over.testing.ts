/** What an earlier firmware left: no byte as erased flash has it, none two in a row. */
export const leftOver = (offset: number) => (offset * 37 + (offset >> 8)) & 0x7e;
