/** Adds the contact's picture to what is known of a caller, for nodes that want it. */
import type { CallerInfo } from "../../lib/callers/types";
import type { Telephony } from "../../lib/box/telephony";
import type { ContactFinder } from "../../lib/phonebook/types";

export class CallerPictures {
  constructor(private readonly pictures: Telephony["pictures"]) {}

  /** The same finder; a picture is fetched from the moment at which its contact is found. */
  watch(finder: ContactFinder): ContactFinder {
    return {
      find: async (number) => {
        const found = await finder.find(number);
        const imageUrl = found.contacts[0]?.imageUrl;
        if (imageUrl !== undefined) void this.pictures.fetch(imageUrl);
        return found;
      },
    };
  }

  /** Waits at most `ms` for the picture, and no longer than until `goOn` resolves. */
  async add(info: CallerInfo, ms: number, goOn?: Promise<unknown>): Promise<CallerInfo> {
    const { contact } = info;
    if (contact?.imageUrl === undefined) return info;
    const picture = this.pictures.picture(contact.imageUrl, ms);
    const image = await (goOn ? Promise.race([picture, goOn.then(() => undefined)]) : picture);
    return image === undefined ? info : { ...info, contact: { ...contact, image } };
  }
}
