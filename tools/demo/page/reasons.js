// Why a call was blocked or let through, in the browser's language; Node-RED's own sentence is in the server's.
/* global language */
const REASONS = {
  en: {
    contact: ({ contact }) => contact && `${contact.name} is in the phonebook ${contact.book}.`,
    "spam-score": ({ spam }) => spam && `Spam score ${spam.score} of 9 with ${spam.reports} reports (${spam.source}).`,
    unknown: () => "No rule applies to this caller.",
    internal: () => "Internal calls and door bells are never blocked.",
    "own-number": () => "Your own numbers are never blocked.",
    pattern: () => "You declared this number not spam.",
    "friends-unknown": () => "It is not known who the contacts are.",
    "lookup-failed": () => "Not all sources could be asked.",
  },
  de: {
    contact: ({ contact }) => contact && `${contact.name} steht im Telefonbuch "${contact.book}".`,
    "spam-score": ({ spam }) =>
      spam && `Spam-Bewertung ${spam.score} von 9 bei ${spam.reports} Meldungen (${spam.source}).`,
    unknown: () => "Keine Regel trifft zu.",
    internal: () => "Interne Anrufe und Türklingeln werden nie gesperrt.",
    "own-number": () => "Eigene Nummern werden nie gesperrt.",
    pattern: () => "Sie haben diese Nummer als kein Spam gemeldet.",
    "friends-unknown": () => "Wer die Kontakte sind, ist nicht bekannt.",
    "lookup-failed": () => "Nicht alle Quellen waren erreichbar.",
  },
};

/** The sentence for a decision: the page's own, else that of the node. */
globalThis.reasonOf = ({ because, explanation }, info = {}) => REASONS[language][because]?.(info) || explanation;
