/** Parts of an import file that could not be read. */
import { FritzError } from "../core/errors";

/** Takes the place of a contact; `where`: its position, such as "vCard 3, line 27". */
export class UnreadablePart {
  readonly error: FritzError;

  constructor(readonly where: string) {
    this.error = new FritzError("import-input", { detail: where });
  }
}
