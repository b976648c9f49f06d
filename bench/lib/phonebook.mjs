// A phonebook full of people with numbers reserved for films, in the forms in which people write them down.

const padded = (n) => String(n).padStart(4, "0");
/** 10,000 numbers: a reserved Berlin number and one digit behind it. */
const national = (i) => `0302312${5}${padded(i)}`;

const FORMS = [
  (i) => national(i),
  (i) => `+49 30 23125${padded(i)}`,
  (i) => `0049 30 23125-${padded(i)}`,
  (i) => `030/23125 ${padded(i)}`,
];

export const nameOf = (i) => `Person ${i}`;

/** Fills the box's first book; the box gives it out as a whole. */
export function fillBook(box, contacts) {
  const { state } = box.tr064;
  const book = state.books.named("Telefonbuch");
  for (let i = 0; i < contacts; i++) book.add(nameOf(i), FORMS[i % FORMS.length](i));
  state.defaultMaxContacts = Infinity;
  state.place.areaCode = "30";
}

/** As the call monitor tells it. */
export const callerNumber = national;

/** Written in the book, and calling: [name, written forms, asked for]. The box's area code is 30. */
export const WRITTEN = [
  ["national, digits only", "03023125200", "03023125200"],
  ["national with blanks", "030 231 25 201", "03023125201"],
  ["national with slash and hyphen", "030/23125-202", "03023125202"],
  ["area code in brackets", "(030) 23125203", "03023125203"],
  ["with plus", "+49 30 23125204", "03023125204"],
  ["with plus and (0)", "+49 (0)30 23125205", "03023125205"],
  ["with 0049", "004930 23125206", "03023125206"],
  ["mobile with plus", "+49 171 3920011", "01713920011"],
  ["mobile, calling with 0049", "0171 3920012", "00491713920012"],
  ["without the area code", "23125207", "03023125207"],
  ["calling without the area code", "03023125208", "23125208"],
  ["calling with a # at the end", "03023125209", "03023125209#"],
  ["a range of a company", "030 90009*", "0309000912"],
  ["Austria", "+43 1 5550100", "004315550100"],
  ["Great Britain", "+44 20 7946 0123", "00442079460123"],
  ["shown number and network's number", "03023125210", "03023125210(03023125999)"],
];
