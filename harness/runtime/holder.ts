// The holder: a container that only owns what the hops of a run share. It makes starting a hop three times cheaper:
//   - its network namespace: creating one takes 250 ms of machine time, a container 150 ms;
//   - a volume with code and configurations: unpacking an archive into a container takes 85 ms, sending it here 3 ms.
// It reads files from its standard input. When Hopwise ends, the engine closes that, and the holder ends.
import type { Container, ContainerPlan } from "./engine-container.ts";
import { wordsOfExit } from "./exit.ts";
import { lastWords } from "./lines.ts";
import { EnvironmentError } from "../errors.ts";
import { tar } from "./tar.ts";
import type { TarEntry } from "./tar.ts";

export interface Holder {
  id: string;
  address: string;
  /** Puts files into the volume, whose root is `shared`. */
  put: (entries: TarEntry[]) => Promise<void>;
  /** Runs another program in it and returns its output. */
  run: (command: string[]) => Promise<string>;
  /** Makes a name known to all hops. */
  name: (name: string, address: string) => Promise<void>;
  /** Resolves with a sentence if it ends before the run does: then no hop can be reached any more. */
  died: Promise<string>;
  /** A port that no other hop has. */
  nextPort: () => number;
}

type Start = (plan: Omit<ContainerPlan, "labels">) => Promise<Container>;

/** Where the volume is mounted, in the holder and in every hop. */
export const shared = "/hopwise";

/** Below the range of ephemeral ports. */
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
export const startHolder = async (start: Start, image: string, network: string): Promise<Holder> => {
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
  const ended = died.then((exit) => `The container that holds the hops' files ended with ${wordsOfExit(exit)}.${lastWords(lines)}`);
  const failed = ended.then((sentence): never => {
    throw new EnvironmentError(sentence);
  });
  failed.catch(() => {});
  let port = firstPort;

  const send = async (...pieces: (string | Buffer)[]): Promise<void> => {
    const answer = Promise.withResolvers<string>();
    waiting.push(answer.resolve);
    for (const piece of pieces) input.write(piece);
    const line = await Promise.race([answer.promise, failed]);
    if (line !== "ok")
      throw new EnvironmentError(`The container that holds the hops' files could not take them: ${line}.${lastWords(lines)}`);
  };

  return {
    id: container.id,
    address: container.addressOn(network),
    put: async (entries) => {
      if (entries.length === 0) return;
      const archive = tar(entries);
      await send(`tar ${archive.length}\n`, archive);
    },
    run: container.run,
    name: (name, address) => send(`name ${address} ${name}\n`),
    died: ended,
    nextPort: () => (port += 1),
  };
};
