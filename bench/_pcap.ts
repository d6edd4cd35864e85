// Reads tcpdump's files: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html, IPv4 and TCP on Ethernet frames (Linux
// gives the loopback interface these, too).
import type { Wire } from "../harness/model/recording.ts";

/** One direction of a TCP connection, in the shape of a tap's recording: each packet is a read. Times are of CLOCK_REALTIME. */
export interface Flow {
  fromPort: number;
  toPort: number;
  wire: Wire;
}

interface Packet {
  at: number;
  sequence: number;
  bytes: Uint8Array;
}

const fileHeader = 24;
const packetHeader = 16;
const ethernet = { linkType: 1, headerBytes: 14, ipv4: 0x0800 } as const;
const tcp = 6;
const nanoseconds = 0xa1b23c4d;

export const flowsIn = (file: Buffer): Flow[] => {
  if (file.length < fileHeader || file.readUInt32LE(0) !== nanoseconds || file.readUInt32LE(20) !== ethernet.linkType)
    throw new Error("tcpdump did not write a little-endian pcap file of Ethernet frames with nanosecond timestamps");
  const flows = new Map<string, { fromPort: number; toPort: number; packets: Packet[] }>();
  for (let offset = fileHeader; offset + packetHeader <= file.length;) {
    const at = file.readUInt32LE(offset) * 1000 + file.readUInt32LE(offset + 4) / 1e6;
    const start = offset + packetHeader;
    offset = start + file.readUInt32LE(offset + 8);
    const segment = segmentIn(file.subarray(start, offset));
    if (segment === null) continue;
    const { fromPort, toPort, sequence, bytes } = segment;
    const key = `${fromPort}>${toPort}`;
    const flow = flows.get(key) ?? { fromPort, toPort, packets: [] };
    flow.packets.push({ at, sequence, bytes });
    flows.set(key, flow);
  }
  return Array.from(flows.values(), ({ fromPort, toPort, packets }) => ({ fromPort, toPort, wire: wireOf(packets) }));
};

const segmentIn = (frame: Buffer): { fromPort: number; toPort: number; sequence: number; bytes: Uint8Array } | null => {
  const packet = frame.subarray(ethernet.headerBytes);
  if (frame.length < ethernet.headerBytes + 40 || frame.readUInt16BE(12) !== ethernet.ipv4 || packet.readUInt8(9) !== tcp) return null;
  const segment = packet.subarray((packet.readUInt8(0) & 15) * 4, packet.readUInt16BE(2));
  const bytes = segment.subarray((segment.readUInt8(12) >> 4) * 4);
  return bytes.length === 0
    ? null
    : { fromPort: segment.readUInt16BE(0), toPort: segment.readUInt16BE(2), sequence: segment.readUInt32BE(4), bytes };
};

/** In order of sequence numbers, without retransmissions. */
const wireOf = (packets: readonly Packet[]): Wire => {
  const first = packets[0]?.sequence ?? 0;
  const ordered = packets
    .map((packet) => ({ ...packet, offset: (packet.sequence - first) | 0 }))
    .toSorted((a, b) => a.offset - b.offset || a.at - b.at);
  const fresh: Packet[] = [];
  let reached = -Infinity;
  for (const packet of ordered) {
    if (packet.offset < reached) continue;
    fresh.push(packet);
    reached = packet.offset + packet.bytes.length;
  }
  let end = 0;
  return {
    at: Float64Array.from(fresh, ({ at }) => at),
    ends: Float64Array.from(fresh, ({ bytes }) => (end += bytes.length)),
    bytes: Buffer.concat(fresh.map(({ bytes }) => bytes)),
    droppedBytes: 0,
  };
};
