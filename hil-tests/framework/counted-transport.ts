import type { Transport } from '../../src/runtime/transport.js';

/** Bytes that have gone over a line. */
export interface Traffic {
  toBoard: number;
  fromBoard: number;
}

/** The same line, counted. */
export function counted(line: Transport, traffic: Traffic): Transport {
  return {
    info: line.info,
    start: ({ receive, closed }) =>
      line.start({
        receive(bytes) {
          traffic.fromBoard += bytes.length;
          receive(bytes);
        },
        closed,
      }),
    send(bytes) {
      traffic.toBoard += bytes.length;
      return line.send(bytes);
    },
    close: () => line.close(),
  };
}
