/** What a device says of itself, read by a host on enumeration. */
export interface DeviceDescription {
  readonly usbVersion: number;
  readonly deviceClass: readonly [number, number, number];
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceVersion: number;
  readonly manufacturer: string | null;
  readonly product: string | null;
  readonly serial: string | null;
  readonly configuration: number;
  readonly interfaces: readonly InterfaceDescription[];
  /** Binary object store; null where the device is older than USB 2.01. */
  readonly bos: Uint8Array | null;
  /** Set of Microsoft OS 2.0 descriptors; null if the store names none. */
  readonly msOs20: Uint8Array | null;
}

export interface InterfaceDescription {
  readonly number: number;
  readonly alternate: number;
  readonly classCodes: readonly [number, number, number];
  readonly endpoints: readonly EndpointDescription[];
}

export interface EndpointDescription {
  readonly number: number;
  readonly into: boolean;
  readonly type: 'control' | 'isochronous' | 'bulk' | 'interrupt';
  readonly packetBytes: number;
}

export const descriptorTypes = {
  device: 1,
  configuration: 2,
  string: 3,
  interface: 4,
  endpoint: 5,
  bos: 15,
  capability: 16,
} as const;

const endpointTypes = ['control', 'isochronous', 'bulk', 'interrupt'] as const;
/** D8DD60DF-4589-4CC7-9CD2-659D9E648A9F as it stands in a capability. */
const msOs20Uuid = 'df60ddd88945c74c9cd2659d9e648a9f';
const platformCapability = 5;

/** Descriptors one after the other. Throws Error if a length is impossible. */
export function splitDescriptors(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at]!;
    if (length < 2 || at + length > bytes.length)
      throw new Error(
        `a descriptor at byte ${at} says it has ${length} bytes, of ${bytes.length - at} there`,
      );
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}

/** Interfaces of a configuration. Throws Error where the descriptor contradicts itself. */
export function readConfiguration(bytes: Uint8Array): InterfaceDescription[] {
  const interfaces: {
    number: number;
    alternate: number;
    classCodes: [number, number, number];
    endpoints: EndpointDescription[];
    wanted: number;
  }[] = [];
  for (const part of splitDescriptors(bytes)) {
    if (part[1] === descriptorTypes.interface) {
      if (part.length < 9) throw new Error('an interface descriptor is too short');
      interfaces.push({
        number: part[2]!,
        alternate: part[3]!,
        wanted: part[4]!,
        classCodes: [part[5]!, part[6]!, part[7]!],
        endpoints: [],
      });
    } else if (part[1] === descriptorTypes.endpoint) {
      if (part.length < 7) throw new Error('an endpoint descriptor is too short');
      const endpoint = {
        number: part[2]! & 0xf,
        into: (part[2]! & 0x80) !== 0,
        type: endpointTypes[part[3]! & 3]!,
        packetBytes: part[4]! | (part[5]! << 8),
      };
      const allowed = endpoint.type === 'bulk' ? [8, 16, 32, 64] : null;
      if (allowed && !allowed.includes(endpoint.packetBytes))
        throw new Error(`bulk endpoint ${endpoint.number} wants packets of ${endpoint.packetBytes} bytes`);
      interfaces.at(-1)?.endpoints.push(endpoint);
    }
  }
  for (const { number, endpoints, wanted } of interfaces)
    if (endpoints.length !== wanted)
      throw new Error(`interface ${number} announces ${wanted} endpoints and describes ${endpoints.length}`);
  const numbers = new Set(interfaces.map(({ number }) => number));
  if (numbers.size !== bytes[4])
    throw new Error(`the configuration announces ${bytes[4]} interfaces and describes ${numbers.size}`);
  return interfaces.map(({ wanted: _, ...rest }) => rest);
}

/** Text of a string descriptor. */
export function readString(bytes: Uint8Array): string {
  let text = '';
  for (let at = 2; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode(bytes[at]! | (bytes[at + 1]! << 8));
  return text;
}

/** How to ask for the Microsoft OS 2.0 descriptors, if a binary object store names them. */
export function findMsOs20(bos: Uint8Array): { readonly vendorCode: number; readonly length: number } | null {
  for (const part of splitDescriptors(bos)) {
    if (part[1] !== descriptorTypes.capability || part[2] !== platformCapability || part.length < 28)
      continue;
    if (Buffer.from(part.subarray(4, 20)).toString('hex') !== msOs20Uuid) continue;
    return { vendorCode: part[26]!, length: part[24]! | (part[25]! << 8) };
  }
  return null;
}
