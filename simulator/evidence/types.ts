/** Evidence: types of a recording of a box. Plain JSON, readable for review. */

/** One SOAP action that was asked, and what came. */
export interface RecordedCall {
  /** Path of the service's control URL. */
  control: string;
  /** "urn:dslforum-org:service:X_AVM-DE_OnTel:1". */
  service: string;
  action: string;
  arguments: Record<string, string>;
  status: number;
  /** The whole answer. */
  body: string;
}

/** All answers of a box, in the order of the requests. */
export interface Recording {
  format: "fritz-recording/1";
  /** Lines of the call monitor, each with its time since the one before, ms. */
  monitor: { afterMs: number; line: string }[];
  /** Documents by path and query: descriptions, phonebooks, the call list. */
  documents: Record<string, string>;
  calls: RecordedCall[];
}

/** Reads a file's text; throws an Error with a sentence for the user if it is no recording. */
export function readRecording(text: string): Recording {
  let value: Partial<Recording> | null;
  try {
    value = JSON.parse(text) as Partial<Recording> | null;
  } catch {
    throw new Error("This file is no recording: it is not JSON.");
  }
  const lines = value?.monitor;
  const fine =
    value?.format === "fritz-recording/1" &&
    Array.isArray(lines) &&
    lines.every((entry) => typeof entry?.line === "string" && Number.isFinite(entry.afterMs)) &&
    isRecordOfText(value.documents) &&
    Array.isArray(value.calls) &&
    value.calls.every(isCall);
  if (!fine) throw new Error('This file is no recording of the format "fritz-recording/1".');
  return value as Recording;
}

const isRecordOfText = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.values(value).every((text) => typeof text === "string");

function isCall(call: Partial<RecordedCall> | null): boolean {
  const texts = [call?.control, call?.service, call?.action, call?.body];
  return (
    texts.every((text) => typeof text === "string") && Number.isInteger(call?.status) && isRecordOfText(call?.arguments)
  );
}
