import { encodePayload, rangeOf } from '../../firmware-protocol/codec/encode.js';
import type { WireErrorName } from '../../firmware-protocol/declaration/errors.js';
import { type Field, numberBytes, numberRange } from '../../firmware-protocol/declaration/field.js';
import type { MessageDeclaration } from '../../firmware-protocol/declaration/message.js';
import { type MessageName, messageNames, messages } from '../../firmware-protocol/declaration/messages.js';
import { answerName, type BareHost, describeTold } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import type { HilCase } from '../framework/suite.js';
import { loadedHost, stateHash } from './loaded.js';

/** Requests whose payloads are tried; HELLO opens sessions and REBOOT ends them. */
const requests = messageNames.filter(
  (name) => messages[name].role === 'request' && name !== 'HELLO' && name !== 'REBOOT',
);

/** Errors that tell of the board's state: they may be found before the payload is looked at. */
const ofState: readonly WireErrorName[] = ['NO_TRANSFER', 'NOT_SUPPORTED', 'BUSY', 'STORAGE'];

/** Errors that name a choice the board does not know. */
const ofChoice: Readonly<Record<string, readonly WireErrorName[]>> = {
  'CONTROL.code': ['UNKNOWN_CONTROL'],
  'PROBE_SET.variable': ['UNKNOWN_VARIABLE'],
  'STATE_READ.variable': ['UNKNOWN_VARIABLE'],
  'STATE_WRITE.variable': ['UNKNOWN_VARIABLE', 'BAD_VALUE'],
};

function declared(name: MessageName): MessageDeclaration {
  return messages[name];
}

function smallest(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => {
      if (field.type === 'text') return [field.name, ''];
      if (field.type === 'bytes') return [field.name, new Uint8Array(0)];
      if (field.type === 'list' || field.type === 'records') return [field.name, []];
      return [field.name, rangeOf(field)[0]];
    }),
  );
}

function samplePayload(name: MessageName): Uint8Array {
  return encodePayload(name, smallest(declared(name).fields) as never);
}

async function expectRefusal(
  host: BareHost,
  name: MessageName,
  payload: Uint8Array,
  wanted: WireErrorName,
  what: string,
) {
  const told = await host.askRaw(messages[name].id, payload);
  const own = ofState.filter((error) => declared(name).errors?.includes(error));
  const allowed: readonly WireErrorName[] = [wanted, ...own];
  check(told.name === 'ERROR' && allowed.includes(answerName(told) as WireErrorName), `${name} ${what}`, {
    expected: allowed,
    found: describeTold(told),
  });
}

/** docs/wire.md: Payloads; for every request of the declaration. */
export const payloadCases: readonly HilCase[] = [
  {
    name: 'a payload longer or shorter than its fields is BAD_LENGTH, and nothing is done',
    seconds: 120,
    async run(context) {
      const { host } = await loadedHost(context);
      const before = await stateHash(host);
      for (const name of requests) {
        const payload = samplePayload(name);
        await expectRefusal(host, name, Uint8Array.of(...payload, 0), 'BAD_LENGTH', 'with a byte too many');
        for (let length = 0; length < payload.length; length++)
          await expectRefusal(host, name, payload.slice(0, length), 'BAD_LENGTH', `cut to ${length} bytes`);
      }
      same(await stateHash(host), before, 'state hash afterwards');
    },
  },
  {
    name: 'counts that promise more than comes are BAD_LENGTH',
    async run(context) {
      const { host } = await loadedHost(context);
      for (const name of requests) {
        let at = 0;
        const payload = samplePayload(name);
        for (const field of declared(name).fields) {
          const width =
            field.type === 'text'
              ? 1
              : field.type === 'bytes'
                ? 2
                : 'count' in field
                  ? numberBytes[field.count]
                  : 0;
          if (width > 0) {
            const hostile = payload.slice();
            hostile.fill(0xff, at, at + width);
            await expectRefusal(host, name, hostile, 'BAD_LENGTH', `with ${field.name} that is not there`);
          }
          at += width > 0 ? width : numberBytes[field.type as keyof typeof numberBytes];
        }
      }
    },
  },
  {
    name: 'a number outside its bounds is BAD_VALUE, and nothing is done',
    async run(context) {
      const { host } = await loadedHost(context);
      const before = await stateHash(host);
      for (const name of requests) {
        let at = 0;
        for (const field of declared(name).fields) {
          if (!(field.type in numberBytes)) break;
          const number = field as Extract<Field, { type: keyof typeof numberBytes }>;
          const [low, high] = rangeOf(number);
          const [lowest, highest] = numberRange[number.type];
          for (const value of [...(low > lowest ? [low - 1] : []), ...(high < highest ? [high + 1] : [])]) {
            const payload = samplePayload(name);
            write(payload, at, number.type, value);
            await expectRefusal(host, name, payload, 'BAD_VALUE', `with ${field.name} = ${value}`);
          }
          at += numberBytes[number.type];
        }
      }
      same(await stateHash(host), before, 'state hash afterwards');
    },
  },
  {
    name: 'a choice the board does not know is refused by its name',
    async run(context) {
      const { host } = await loadedHost(context);
      for (const name of requests)
        for (const field of declared(name).fields) {
          if (!('set' in field) || field.set?.kind !== 'choice') continue;
          const values = {
            ...smallest(declared(name).fields),
            [field.name]: rangeOf(field)[1] === 2 ? 1 : 77,
          };
          if ('values32' in values) values['values32'] = [1];
          const payload = encodeLoosely(name, values, field.name);
          const allowed = ofChoice[`${name}.${field.name}`] ?? ['BAD_VALUE'];
          const told = await host.askRaw(messages[name].id, payload);
          check(
            allowed.includes(answerName(told) as WireErrorName),
            `${name} with an unknown ${field.name}`,
            {
              expected: allowed,
              found: describeTold(told),
            },
          );
        }
      const event = { tick: 0, code: 77, population: 0, argument: 0 };
      same(await host.refused('CONTROL', { events: [event] }, 'UNKNOWN_CONTROL'), 77, 'code in the detail');
    },
  },
];

function write(payload: Uint8Array, at: number, type: keyof typeof numberBytes, value: number): void {
  for (let n = 0; n < numberBytes[type]; n++) payload[at + n] = Math.floor(value / 256 ** n) & 0xff;
}

/** A payload with a value that the encoder would refuse. */
function encodeLoosely(name: MessageName, values: Record<string, unknown>, hostile: string): Uint8Array {
  const fields = declared(name).fields;
  const tame = { ...values, [hostile]: smallest(fields)[hostile] };
  const payload = encodePayload(name, tame as never);
  let at = 0;
  for (const field of fields) {
    if (field.name === hostile) break;
    at += numberBytes[field.type as keyof typeof numberBytes];
  }
  payload[at] = values[hostile] as number;
  return payload;
}
