/** A board as far as it is connected to. */
export interface Connectable {
  connect(send: (bytes: Uint8Array) => void): { receive(bytes: Uint8Array): void; close(): void };
}
