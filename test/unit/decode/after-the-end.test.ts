// Bytes after the end of a response: a fault while the client is there, and nothing once it has left.
import { expect, it } from "vitest";
import { readResponse } from "../../../harness/decode/response-of.ts";
import type { Closing, ConnectionRecording } from "../../../harness/model/recording.ts";

const reads = (...texts: string[]): ConnectionRecording["response"] => ({
  at: Float64Array.from(texts, (_, index) => 10 * index),
  ends: Float64Array.from(texts, (_, index) => texts.slice(0, index + 1).join("").length),
  bytes: Buffer.from(texts.join("")),
  droppedBytes: 0,
});

const problemsOf = async (closings: Closing[]): Promise<string[]> => {
  const response = reads("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend", "HTTP/1.0 500 Internal Server Error\r\n\r\n");
  const connection: ConnectionRecording = {
    tap: 0,
    connection: 1,
    openedAt: 0,
    connectedAt: 0,
    request: reads(""),
    response,
    closings,
    blocked: [],
  };
  const { problems, end } = await readResponse(connection, "GET", 0, true);
  expect(end.kind).toBe("length");
  return problems.map(({ words }) => words);
};

it.each<[string, Closing[], string[]]>([
  ["while the client is there", [], ["38 stray bytes after the end of the response"]],
  ["before the client closes", [{ at: 11, by: "downstream", how: "fin" }], ["38 stray bytes after the end of the response"]],
  ["once the server has closed", [{ at: 5, by: "upstream", how: "fin" }], ["38 stray bytes after the end of the response"]],
  ["once the client has closed", [{ at: 9, by: "downstream", how: "fin" }], []],
])("%s", async (_, closings, problems) => {
  expect(await problemsOf(closings)).toEqual(problems);
});
