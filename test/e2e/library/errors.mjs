import { AuthorError, runScenario, WorldError } from "hopwise";

try {
  await runScenario("streams/no-such-file.yaml", { runtime: "process", signal: AbortSignal.timeout(60_000) });
} catch (error) {
  if (error instanceof AuthorError) console.log(`A mistake of mine: ${error.message}`);
  else if (error instanceof WorldError) console.log(`It cannot run here: ${error.message}`);
  else throw error;
}
