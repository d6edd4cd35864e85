// How the judge differs today from when the golden set was recorded, and why that is right. `npm run golden` compares.
import type { Change } from "./compare.ts";

export const changes: Change[] = [
  {
    facet: "delivery",
    from: "batched by=bytes",
    to: "buffered released=flood",
    reason:
      "No ordinary record left before the flood, and no stream of events sends as much: the flood only adds how much was needed at most.",
  },
  {
    facet: "integrity",
    from: "altered",
    to: "intact",
    where: /interceptor|adds-a-length/,
    reason:
      "Framing is hop-by-hop (RFC 9112 §6): a Content-Length in place of chunks alters no byte, and the hold is what delivery reports.",
  },
  {
    facet: "integrity",
    from: "intact",
    to: "altered",
    where: /no-transform/,
    reason: "A content coding that is added against Cache-Control: no-transform changes what the response means (RFC 9111 §5.2.2.6).",
  },
  {
    what: "numbers",
    facet: "ending",
    from: "hung",
    reason: "The wait of a hung client counts from the end of the origin, not from when that end reached the hop.",
  },
  {
    what: "words",
    facet: "delivery",
    from: "inconclusive",
    reason: "The sentence of an open attempt names what it showed, and that no second attempt did.",
  },
  {
    facet: "delivery",
    from: "inconclusive by=machine",
    to: "untested",
    where: /^soak-bursts/,
    reason: "A later attempt of the same case decides, and the open one that it overrules is no longer listed.",
  },
  {
    what: "detail",
    facet: "disconnect",
    reason: "The observation has how the client left: by FIN, by RST, by RST_STREAM(CANCEL) or by closing its HTTP/2 connection.",
  },
  {
    what: "words",
    facet: "disconnect",
    reason: "The sentence names how the client left, since each way is judged separately.",
  },
  {
    facet: "delivery",
    from: "inconclusive",
    to: "inconclusive by=machine",
    where: /^soak-bursts/,
    reason: "Of two undecided hops the one nearest the origin is named, and here the machine may have delayed its records.",
  },
  {
    facet: "delivery",
    from: /^(lagging|batched by=bytes|batched by=timer)$/,
    to: "inconclusive by=machine",
    where: /^(soak-bursts|check-nginx-1\.26)/,
    reason:
      "Fewer than half of the records were late, and none beyond doubt: one attempt on a busy machine shows no cause, and another attempt follows.",
  },
  {
    facet: "delivery",
    from: "batched by=timer",
    to: "untested",
    where: /^soak-bursts.*http-pipe/,
    reason: "Attempts that disagree blamed a straight pipe for a short timer; the attempt that passed counts.",
  },
  {
    facet: "delivery",
    from: "buffered released=end",
    to: "inconclusive by=machine",
    where: /^soak-bursts/,
    reason: "ε was longer than the gaps of the records: fewer than half were late, and one attempt on such a machine shows no cause.",
  },
  {
    facet: "delivery",
    from: /^(inconclusive|buffered released=never)$/,
    to: "untested",
    where: /^check-nginx-1\.26.*head$/,
    reason: "The stream was cut within ε of its first record: nothing had time to leave, which shows no buffer.",
  },
  {
    facet: "delivery",
    from: /^incremental/,
    to: /^(inconclusive by=machine|untested)$/,
    where: /^(soak-|mutants.cut-idle)/,
    reason:
      "One record in eight was held for 75 ms and more: a machine that does so hides a fault of that kind, and another attempt follows.",
  },
  {
    facet: "delivery",
    from: "batched by=bytes",
    to: "inconclusive by=machine",
    where: /^strangers.*first-kilobyte.*lock-step/,
    reason: "A block that is released once may be so by chance: one attempt shows no cause, and another attempt follows.",
  },
  {
    facet: "delivery",
    from: "batched by=timer",
    to: "inconclusive by=machine",
    where: /^strangers.*timer-350.*silence/,
    reason: "Fewer than four releases agree with a timer, which random waits may: another attempt follows.",
  },
  {
    what: "hops",
    facet: "delivery",
    where: /^soak-.*hold-all/,
    reason: "Another hop held some records for 75 ms and more, which the machine may have caused: it is not said to have passed them on.",
  },
  { what: "words", facet: "delivery", reason: "The sentence follows the glossary." },
  { what: "words", facet: "headers", reason: "The sentence follows the glossary." },
  { what: "words", facet: "ending", reason: "The sentence follows the glossary." },
  { what: "words", facet: "source", reason: "The sentence follows the glossary." },
  { what: "words", facet: "integrity", reason: "The sentence follows the glossary." },
  { what: "words", facet: "memory", reason: "The sentence follows the glossary." },
  {
    facet: "ending",
    from: "no-response cause=first-byte-timeout",
    to: "inconclusive by=machine",
    where: /^soak-(?:bursts|stalls)/,
    reason: "The origin answered as soon as it could: the machine stood still for as long as the hop waits for a first byte.",
  },
  {
    facet: "limits",
    from: "first-byte-timeout",
    to: "untested",
    where: /^soak-(?:bursts|stalls)/,
    reason: "It was found by a case in which the machine stood still for that long.",
  },
  {
    facet: "disconnect",
    from: "propagated",
    to: "propagated-on-next-write",
    where: /keep-upstream-until-write/,
    reason:
      "The lab, which wrote the bytes that the drop followed, was awake then and would have seen an earlier drop: its own waits do not explain the delay.",
  },
  {
    from: "untested",
    to: "inconclusive by=machine",
    where: /^soak-(?:bursts|stalls).*cut-total-[34]-of-4/,
    reason: "The request came too late for the lab's origin to answer it, or was not read: nothing that is missing is a hop's doing.",
  },
  {
    facet: "disconnect",
    from: "propagated-on-next-write",
    to: "inconclusive by=machine",
    case: /flowing$/,
    reason:
      "The drop followed a write within twice of what the machine explains, and a stream that flows writes at any moment: the silent case of the same trial decides.",
  },
  {
    facet: "disconnect",
    from: "inconclusive by=machine",
    to: "propagated-on-next-write",
    case: /cancel-silent/,
    reason:
      "Only the writes of the canceled stream tell how long it was silent: those of the other stream on its connection had been counted, too.",
  },
  {
    facet: "delivery",
    from: "inconclusive by=machine",
    to: "batched by=bytes",
    case: /^lock-step/,
    where: /^check-nginx-1\.26\/(?:cached-stream|cache-that-ignores-the-application|tls-server-with-defaults)\//,
    reason:
      "nginx's buffers keep more of a megabyte than of small records: the ordinary records alone show the count. What leaves before anything else arrives was not kept.",
  },
  {
    what: "numbers",
    facet: "delivery",
    from: "batched by=bytes",
    case: /^lock-step-5000/,
    where: /^check-nginx-1\.26\/tls-server-with-defaults\//,
    reason: "The ordinary records, and the first of the flood that releases them, give a narrower interval than the whole flood.",
  },
];
