// The schema of a scenario as editors get it: what `schema.ts` checks, with a sentence for each field. Written to scenario.schema.json
// by `npm run schema`.
import { scenarioSchema } from "./schema.ts";

interface Node {
  description?: string;
  discriminator?: unknown;
  properties?: Record<string, Node>;
  oneOf?: Node[];
  const?: string;
  minProperties?: number;
}

const fields: Record<string, string> = {
  title: "A sentence that states an observation.",
  chain:
    "In the direction of the bytes: the application, then the hops up to the client. A hop is a server (`nginx`), a variant of it (`nginx:unbuffered`), or a server with middlewares. `hopwise list` tells which there are.",
  request: "What the client asks for. A list in place of a value is a sweep: the trial is played with each.",
  "request.method": "GET, where nothing is said.",
  "request.version": "The client's HTTP version, in quotes: a word, not a number.",
  "request.acceptEncoding": "`gzip`, or null for no Accept-Encoding at all, as curl sends.",
  "request.headers": "Further header fields, as pairs of name and value.",
  response: "What the application answers, where it is to differ from what its file in origins/ says.",
  "response.format": "What a record is: an event, a line, a row, an element.",
  "response.filler": "Whether the records' text can be compressed.",
  "response.framing": "How the application frames its body; close: neither length nor chunks.",
  trial: "The stimulus, and what is measured with it.",
  timeScale:
    "Runs the clocks of all servers of the chain so many times faster, so that a limit of minutes is measured in seconds; then the times of the trial and of what must hold are the servers' own. For silence and first-byte-wait, in containers.",
  showcase: "Runs with --showcase: needs nothing but Node.",
  must: "A requirement: what has to hold. Facets that are not named are not required.",
  "must.deliver": "Each record arrives by itself, without waiting for a later one.",
  "must.headers": "The header section arrives before there is a body.",
  "must.end": "complete: every record and whole framing. visibly: what is cut must be seen to be cut.",
  "must.source": "The body is the one that the application made for this request: not cached, not shared.",
  "must.integrity": "Every byte is the application's, in its place.",
  "must.noticeDisconnectWithinMs": "Milliseconds until the application's connection must be gone after the client left.",
  "must.surviveSilenceMs": "Milliseconds of silence that must not end the stream.",
  does: "A characterization: what is known to happen. Needs a link in `because`.",
  "does.culprit": "The id of a hop, `origin` or `client`.",
  because: "A link to who reported or documented it.",
  twin: "The id of the scenario with the smallest change that cures it.",
};

const trials: Record<string, string> = {
  "lock-step": "Each record is written only after the client has confirmed the one before.",
  paced: "Records at fixed gaps; nothing waits for anything.",
  "size-sweep": "Lock-step at each size.",
  "header-hold": "The header section is flushed ahead of the first body byte.",
  "first-byte-wait": "Nothing at all for a while, then a short response.",
  silence: "One record, then silence.",
  "origin-abort": "The application aborts after half of its records.",
  "client-leaving": "The client leaves in mid-stream.",
  "late-joiner": "Further clients ask for the same URL, in mid-stream and after the end.",
  bodyless: "HEAD, 204 and 304: framing and stray bytes.",
};

const describe = (root: Node): Node => {
  for (const [path, description] of Object.entries(fields)) {
    const node = path.split(".").reduce<Node | undefined>((parent, name) => parent?.properties?.[name], root);
    if (!node) throw new Error(`${path} is described and is no field of a scenario`);
    node.description = description;
  }
  // Ajv's word, which other validators do not know.
  delete root.properties?.["trial"]?.discriminator;
  for (const one of root.properties?.["trial"]?.oneOf ?? []) {
    const description = trials[one.properties?.["kind"]?.const ?? ""];
    if (description === undefined) throw new Error(`The trial ${one.properties?.["kind"]?.const} is not described`);
    one.description = description;
  }
  for (const side of ["must", "does"]) {
    const expectation = root.properties?.[side];
    if (expectation) expectation.minProperties = 1;
  }
  return root;
};

export const publishedSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "A scenario of Hopwise",
  // Parts that the checked schema uses twice must be two here, to be described each.
  ...describe(JSON.parse(JSON.stringify(scenarioSchema)) as Node),
  oneOf: [
    { required: ["must"], not: { required: ["does"] } },
    { required: ["does", "because"], not: { required: ["must"] } },
  ],
};
