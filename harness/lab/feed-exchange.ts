// One request at a real application, as its records are handed to it: what the script writes waits here until the application asks for it.
import { closing, recordOf } from "../model/body.ts";
import { emptyRecording } from "../model/empty-recording.ts";
import type { OriginRecording } from "../model/recording.ts";
import type { RequestId } from "../model/request-id.ts";
import type { Script } from "../model/script.ts";
import { now } from "./clock.ts";
import { newNonce } from "./origin-exchange.ts";
import type { Ongoing } from "./origin-exchange.ts";
import type { ResponseShape } from "./origin-head.ts";
import type { ScriptedExchange } from "./origin-script.ts";
import { Latch, Tally, wait } from "./wait.ts";

/** What an application is answered that asks for its next record. `fail`: it is to fail here. `over`: no client waits for its response. */
export type Answer = { kind: "record"; bytes: Buffer } | { kind: "end" | "fail" | "over" };

interface Due {
  answer: Answer;
  /** Called as it is handed over. */
  handed: (at: number) => void;
}

/** The application decides on its framing and its header section: to the script it is any response with a body. */
const shape: ResponseShape = { head: Buffer.alloc(0), framing: "chunked", closes: false };

/** An application that has stopped asking is waited for no longer once the script is over. */
const lastAskMs = 2000;

export class FeedExchange implements ScriptedExchange, Ongoing {
  readonly recording: OriginRecording;
  readonly script: Script;
  readonly shape = shape;
  readonly stopped = new Latch();
  readonly over = new Latch();
  nextRecord = 0;
  readonly #due: Due[] = [];
  readonly #asking: ((answer: Answer) => void)[] = [];
  readonly #handed = new Tally();
  #put = 0;

  constructor(script: Script, request: RequestId, startedAt: number) {
    this.script = script;
    this.recording = { ...emptyRecording(newNonce(), startedAt, -1), request, method: "GET", requestVersion: "1.1", noticed: [] };
  }

  get bodyBytes(): number {
    const { recordBytes, format } = this.script.body;
    return recordBytes.reduce((sum, bytes) => sum + bytes, closing(format).length);
  }

  get isOpen(): boolean {
    return this.recording.endedAt === null && this.recording.aborted === null;
  }

  sendHead(): void {
    this.recording.headersAt ??= now();
  }

  /** An application has no way to send one. */
  sendInterim(): void {}

  sendRecord(): boolean {
    const { body } = this.script;
    if (this.nextRecord >= body.recordBytes.length) {
      this.recording.problem ??= `The script writes more than the ${body.recordBytes.length} records of its body`;
      return false;
    }
    this.sendHead();
    const bytes = recordOf(this.recording.nonce, body, this.nextRecord);
    const records = ++this.nextRecord;
    this.#add({ kind: "record", bytes }, (at) => {
      this.recording.writes.push({ at, records });
      this.#count(bytes);
    });
    return true;
  }

  sendEnd(): void {
    this.sendHead();
    const last = Buffer.from(closing(this.script.body.format));
    if (last.length > 0) this.#add({ kind: "record", bytes: last }, () => this.#count(last));
    this.#add({ kind: "end" }, (at) => (this.recording.endedAt = at));
  }

  /** However the lab's own origin would have aborted, an application fails in one way: it throws. */
  async abort(): Promise<void> {
    this.#add({ kind: "fail" }, (at) => (this.recording.aborted = { at, how: "close" }));
    await this.drained();
  }

  /** Waits until the application has asked for all that was written, at most `ms`; whether it has. */
  async drained(ms: number | null = null): Promise<boolean> {
    if (this.#handed.value < this.#put) await wait(ms, this.stopped.signal, this.#handed.reaches(this.#put));
    return this.#handed.value >= this.#put;
  }

  /** The script is over: what is left waits for the application a moment longer. */
  async finish(): Promise<void> {
    await this.drained(lastAskMs);
    this.over.trip();
    this.#release();
  }

  /** Resolves with what comes next; `asker` identifies a request that is still waiting. */
  next(onAnswer: (answer: Answer) => void): void {
    const due = this.over.isTripped || this.stopped.isTripped ? null : this.#due.shift();
    if (due === null) onAnswer({ kind: "over" });
    else if (due === undefined) this.#asking.push(onAnswer);
    else this.#hand(due, onAnswer);
  }

  /** Its connection is gone: it must not be answered what is then lost. */
  unask(onAnswer: (answer: Answer) => void): void {
    const place = this.#asking.indexOf(onAnswer);
    if (place === -1) return;
    this.#asking.splice(place, 1);
    this.notice("closed its request for the next record");
  }

  /** What the application says that it noticed of its client. */
  notice(what: string): void {
    const at = now();
    if (!this.over.isTripped) this.recording.noticed?.push({ at, what });
    if (this.isOpen) this.recording.gone ??= { at, how: "fin" };
    this.stopped.trip();
    this.#release();
  }

  stop(problem: string): void {
    const { writes } = this.recording;
    const asked = `it asked for ${writes.at(-1)?.records ?? 0} of its ${this.script.body.recordBytes.length} records, and for no more`;
    if (!this.over.isTripped) this.recording.problem ??= this.#handed.value < this.#put ? asked : problem;
    this.stopped.trip();
    this.#release();
  }

  abandon(): void {
    this.stopped.trip();
    this.#release();
  }

  /** Whoever still waits is let go. */
  #release(): void {
    for (const onAnswer of this.#asking.splice(0)) onAnswer({ kind: "over" });
  }

  #add(answer: Answer, handed: Due["handed"]): void {
    this.#put += 1;
    const due = { answer, handed };
    const onAnswer = this.#asking.shift();
    if (onAnswer) this.#hand(due, onAnswer);
    else this.#due.push(due);
  }

  #hand({ answer, handed }: Due, onAnswer: (answer: Answer) => void): void {
    handed(now());
    onAnswer(answer);
    this.#handed.raise(this.#handed.value + 1);
  }

  #count({ length }: Buffer): void {
    this.recording.bytesWritten += length;
    this.recording.bytesTaken += length;
  }
}
