// A stub may itself make a server refuse its configuration. Then it is withdrawn, or the message says that it is a stub. No file of the
// user is touched.
import { AuthorError } from "../errors.ts";
import type { Stub, StubEntry } from "./configuration.ts";
import type { CheckedConfig } from "./server.ts";
import type { ServerUnderTest } from "./start-server.ts";

const targetOf = (entry: StubEntry): string => (entry.kind === "certificate" ? entry.certificateTarget : entry.target);

const isAt = (entry: StubEntry, target: string): boolean =>
  targetOf(entry) === target || (entry.kind === "certificate" && entry.keyTarget === target);

/** As many stubs as are tried. */
const mostTried = 12;

/** The stubs whose removal can be tried, those that the refusal names first. */
const stubsIn = (config: CheckedConfig, refusal: string): Stub[] => {
  const { main, stubs: allStubs } = config.deployment;
  return allStubs
    .filter(({ targets = [] }) => targets.length > 0 && !targets.includes(main))
    .toSorted((a, b) => Number(isNamed(config, b, refusal)) - Number(isNamed(config, a, refusal)))
    .slice(0, mostTried);
};

const isNamed = (config: CheckedConfig, { targets = [] }: Stub, refusal: string): boolean =>
  targets.some((target) => config.isAbout(refusal, target));

/** What an include names must be there: it is left empty. Anything else is taken away. */
const without = (config: CheckedConfig, stub: Stub, refusal: string): CheckedConfig => {
  const { targets = [] } = stub;
  const isOfStub = (entry: StubEntry): boolean => targets.some((target) => isAt(entry, target));
  const { entries, stubs } = config.deployment;
  return config.with({
    entries: entries.flatMap((entry): StubEntry[] => {
      if (!isOfStub(entry)) return [entry];
      return entry.kind === "file" && entry.isIncluded ? [{ ...entry, body: "" }] : [];
    }),
    stubs: stubs.map((one) => (one === stub ? { ...one, what: `${stub.what}: withdrawn`, why: `with this stub ${refusal}` } : one)),
  });
};

export interface Accepted {
  underTest: ServerUnderTest;
  config: CheckedConfig;
}

/** The server with the configuration as it is, or without the one stub because of which it is refused. */
export const startWithStubs = async (
  config: CheckedConfig,
  start: (config: CheckedConfig) => Promise<ServerUnderTest>,
  stop: (underTest: ServerUnderTest) => Promise<void>,
): Promise<Accepted> => {
  try {
    return { underTest: await start(config), config };
  } catch (error) {
    if (!(error instanceof AuthorError)) throw error;
    const stubs = stubsIn(config, error.message);
    const tried = await Promise.all(
      stubs.map(async (stub): Promise<Accepted | Error> => {
        const reduced = without(config, stub, error.message);
        return start(reduced).then(
          (underTest) => ({ underTest, config: reduced }),
          (other: Error) => other,
        );
      }),
    );
    const [first, ...others] = tried.filter((one) => "underTest" in one);
    await Promise.allSettled(others.map(({ underTest }) => stop(underTest)));
    if (first) return first;
    // What is wrong beside a stub that is named is what its user has to know.
    for (const [index, one] of tried.entries())
      if (one instanceof AuthorError && isNamed(config, stubs[index]!, error.message) && one.message !== error.message) throw one;
    throw new AuthorError(`${error.message}${stubNamedIn(config, error.message)}`, { cause: error });
  }
};

/** Said where the words of the server are about a file that is not the user's. */
const stubNamedIn = (config: CheckedConfig, refusal: string): string => {
  const stub = config.deployment.stubs.find((one) => isNamed(config, one, refusal));
  return stub ? ` (this is a stub of Hopwise's, not a file of yours: ${stub.what}, since ${stub.why})` : "";
};
