/** What a case counted or measured. */
export interface Measurement {
  readonly value: number;
  readonly unit: string;
}
