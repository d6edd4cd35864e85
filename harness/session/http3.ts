// The programs that speak HTTP/3 for the lab: its client, and the pipe of its control. They are started by the first trial that needs them, and
// end with the run.
import type { Address } from "../lab/protocol.ts";
import { http3Key } from "../model/judge/tolerance.ts";
import { http3Client, http3Pipe } from "../runtime/http3/program.ts";
import type { QueueDelaySampler } from "../runtime/queue-delay.ts";
import { listenHost } from "../runtime/runtime.ts";
import type { RunningServer, Runtime } from "../runtime/runtime.ts";

/** Of the control's pipe. */
export const http3PipeKey = "http3 control";

/** Why clients cannot speak HTTP/3 here; null: they can. */
export const withoutHttp3 = async (runtime: Pick<Runtime, "unsupported">): Promise<string | null> => {
  if ((await runtime.unsupported(http3Client)) === null) return null;
  const packages = http3Client.definition.debian.packages.join(" ");
  return `not checked: this machine has no client for HTTP/3. Install ${http3Client.definition.name} (Debian 13 and later: apt-get install ${packages}), or use --runtime container.`;
};

export interface Http3 extends AsyncDisposable {
  /** Starts them, unless they run; where the pipe listens. */
  pipe: () => Promise<Address>;
}

export const openHttp3 = (runtime: Runtime, sampler: QueueDelaySampler): Http3 => {
  const started = new Set<RunningServer>();
  let pipe: Promise<Address> | null = null;
  const again = (): void => void (pipe = null);

  const startOne = async (...plan: Parameters<Runtime["start"]>): Promise<RunningServer> => {
    const program = await runtime.start(...plan);
    started.add(program);
    program.died.then(again, again);
    return program;
  };
  const start = async (): Promise<Address> => {
    const { port } = await runtime.lab.ask("open-control-sink", { listen: { host: listenHost(runtime), port: 0 } });
    const [client, one] = await Promise.all([startOne(http3Client, 0), startOne(http3Pipe, port)]);
    const at = one.listeners?.get("h3");
    if (!at) throw new Error("The control over HTTP/3 has no listener");
    sampler.watch(http3Key, await client.pids());
    sampler.watch(http3PipeKey, await one.pids());
    await runtime.lab.ask("use-http3", { program: client.address });
    return at;
  };
  return {
    pipe: () => {
      if (pipe === null) (pipe = start()).catch(again);
      return pipe;
    },
    [Symbol.asyncDispose]: async () => {
      await pipe?.catch(() => {});
      await Promise.allSettled([...started].map((program) => program[Symbol.asyncDispose]()));
    },
  };
};
