// The yard: a container that does nothing but own what the hops of a run share, which makes starting one three times cheaper.
//   - its place on the internal network: a network namespace costs the engine 250 ms of machine time, a container 150;
//   - a volume with the code and the configurations: to unpack an archive into a container costs 85 ms, to send it here 3 ms.
// Its standard input takes the files; when we are gone the engine closes it, and the yard ends.
import type { Container, ContainerPlan } from "./engine.ts";
import { lastWords } from "./lines.ts";
import { WorldError } from "./runtime.ts";
import { tar } from "./tar.ts";
import type { TarEntry } from "./tar.ts";

export interface Yard {
  id: string;
  address: string;
  /** Puts files into the volume, whose root is `shared`. */
  put: (entries: TarEntry[]) => Promise<void>;
  /** Runs another program in it, and answers what that printed. */
  run: (command: string[]) => Promise<string>;
  /** Makes a name known to all hops of the yard. */
  name: (name: string, address: string) => Promise<void>;
  /** Resolves with a sentence if it ends before it is told to: no hop can be reached from then on. */
  died: Promise<string>;
  /** A port that no other hop of the yard got. */
  nextPort: () => number;
}

type Start = (plan: Omit<ContainerPlan, "labels">) => Promise<Container>;

/** Where the volume is, in the yard and in every hop. */
export const shared = "/hopwise";

/** Below the ports that the system gives to outgoing connections. */
const firstPort = 10_000;

/** `head` and `read` take no byte more than asked for, so that they can share the input. */
const program = `
while read -r verb argument rest; do
  case $verb in
    tar) head -c "$argument" | tar -x -m --no-same-owner -C / && echo "ok" || echo "tar failed" ;;
    name) echo "$argument $rest" >> /etc/hosts && echo "ok" || echo "name failed" ;;
  esac
done
`;

/** The volume has the network's name. */
export const startYard = async (start: Start, image: string, network: string): Promise<Yard> => {
  const waiting: ((line: string) => void)[] = [];
  const container = await start({
    title: "The container that holds the hops' files",
    image,
    network,
    entrypoint: ["/bin/sh", "-c", program],
    environment: {},
    capabilities: [],
    volume: { name: network, target: shared, isReadOnly: false },
    onLine: (line) => waiting.shift()?.(line),
  });
  const { input, lines, died } = container;
  const ended = died.then((how) => `The container that holds the hops' files ended with ${how}.${lastWords(lines)}`);
  const failed = ended.then((sentence): never => {
    throw new WorldError(sentence);
  });
  failed.catch(() => {});
  let port = firstPort;

  const tell = async (...pieces: (string | Buffer)[]): Promise<void> => {
    const answer = Promise.withResolvers<string>();
    waiting.push(answer.resolve);
    for (const piece of pieces) input.write(piece);
    const line = await Promise.race([answer.promise, failed]);
    if (line !== "ok") throw new WorldError(`The container that holds the hops' files could not take them: ${line}.${lastWords(lines)}`);
  };

  return {
    id: container.id,
    address: container.addressOn(network),
    put: async (entries) => {
      if (entries.length === 0) return;
      const archive = tar(entries);
      await tell(`tar ${archive.length}\n`, archive);
    },
    run: container.run,
    name: (name, address) => tell(`name ${address} ${name}\n`),
    died: ended,
    nextPort: () => (port += 1),
  };
};
