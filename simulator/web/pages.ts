/**
 * Simulator, web: pages of directories and rating sites, modelled on the real ones as far as they are known.
 */
import { type KnownCaller, nationalForm, printedForm } from "./callers";
import { escaped } from "./site";

type Page = (caller: KnownCaller, asked: string) => string;

export interface PageSite {
  /** The number in path and query. */
  number: RegExp;
  found: Page;
  /** The page for an unknown number, or its status. */
  unknown: number | ((asked: string) => string);
  /** Has names, no scores. */
  directory?: true;
}

export const html = (title: string, body: string) =>
  `<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body>${body}</body></html>`;
const empty = (title: string) => (asked: string) =>
  html(`${asked} - ${title}`, `<h1>${asked}</h1><p>Noch keine Bewertung.</p>`);
const stars = ({ score = 5 }: KnownCaller) => (11 - score) / 2;
const decimal = (value: number) => String(value).replace(".", ",");
const repeat = (count: number, text: string) => text.repeat(Math.max(0, count));

export const PAGES: Record<string, PageSite> = {
  dasoertliche: {
    number: /[?&]ph=(\d+)/,
    directory: true,
    unknown: 410,
    found: (caller) =>
      html(
        "Das Örtliche",
        `<div class="hit"><h2><a class="hitlnk_name" href="/x">${escaped(caller.name ?? "")}</a></h2>
<address>Beispielweg 1, 10115 <span itemprop="addressLocality">${escaped(caller.city ?? "")}</span></address>
<div class="phoneblock"><span>${printedForm(caller.number)}</span></div></div>
<div class="hit"><h2><a class="hitlnk_name" href="/y">Ganz Andere GmbH</a></h2>
<div class="phoneblock"><span>Tel. (030) 23 12 59 99</span></div></div>`,
      ),
  },
  dastelefonbuch: {
    number: /\/R%C3%BCckw%C3%A4rts-Suche\/(\d+)/,
    directory: true,
    unknown: 410,
    found: ({ name = "", city = "", number }) =>
      html(
        "Das Telefonbuch",
        `<div class="vcard" itemtype="http://schema.org/Person" data-entry-data="na=${encodeURIComponent(name)}&amp;ci=${encodeURIComponent(city)}">
<div class="name" title="${escaped(name)}"><span class="hide">Otto</span>${escaped(name)}</div><a href="tel:${nationalForm(number)}">Anrufen</a></div>`,
      ),
  },
  "11880": {
    number: /\/suche\/(\d+)\//,
    directory: true,
    unknown: () => html("11880", "<p>Leider nichts gefunden</p>"),
    found: ({ name = "" }) =>
      html(
        "11880",
        `<ul><li class="search-result-list-item" data-name="${escaped(name)}"><h2>${escaped(name)}</h2></li></ul>`,
      ),
  },
  herold: {
    number: /telefon_(\d+)/,
    directory: true,
    unknown: () => html("Herold", "<p>Wir konnten zu den eingegebenen Suchkriterien keine Ergebnisse finden.</p>"),
    found: ({ name = "" }) =>
      html("Herold", `<h2><a data-clickpos="name"><span itemprop="name">${escaped(name)}</span></a></h2>`),
  },
  dasschnelle: {
    number: /[?&]what=(\d+)/,
    directory: true,
    unknown: 410,
    found: ({ name = "" }) => html("Das Schnelle", `<article><h2><a href="/x">${escaped(name)}</a></h2></article>`),
  },
  "118712": {
    number: /[?&]s=(\d+)/,
    directory: true,
    unknown: () => html("Annuaire", "<p>Aucun résultat</p>"),
    found: ({ name = "" }) =>
      html("Annuaire", `<article><h2 class="titre"><a href="/x">${escaped(name)}</a></h2></article>`),
  },
  "tellows-page": {
    number: /\/num\/(\d+)/,
    unknown: (asked) => html(`${asked}`, `<p>Bewertungen: <span>0</span></p>`),
    found: ({ score = 5, reports = 0, name }) =>
      html(
        "tellows",
        `<img class="scoreimage" alt="tellows Score ${score}"><p>Bewertungen: <span>${reports}</span></p>
${name === undefined ? "" : `<span class="callerId">${escaped(name)}</span>`}`,
      ),
  },
  cleverdialer: {
    number: /\/telefonnummer\/(\d+)/,
    unknown: empty("Clever Dialer"),
    found: (caller) =>
      html(
        "Clever Dialer",
        `<div class="rating-text"><span>${decimal(stars(caller))} von 5 Sternen</span> • <span>${caller.reports} Bewertungen</span></div>`,
      ),
  },
  werruft: {
    number: /\/telefonnummer\/(\d+)\//,
    unknown: empty("wer ruft an"),
    found: ({ score = 5, reports = 0 }) => {
      const counts = [9, 7, 5, 3, 1].map((step) => (Math.abs(step - score) <= 1 && step >= score - 0.5 ? reports : 0));
      return html(
        "wer ruft an",
        `<div id="commentstypelist">${counts.map((n, i) => `<span><i class="comop${i + 1}">${n}</i></span>`).join("")}</div>`,
      );
    },
  },
  telefonspion: {
    number: /\/(\d+)$/,
    unknown: empty("telefonspion"),
    found: ({ score = 5, reports = 0 }, asked) =>
      html(`${asked} - Wer ruft an - 120 Suchen, ${reports} Bewertungen, ${Math.round((9 - score) / 0.8)} von 10`, ""),
  },
  werhatangerufen: {
    number: /\/(\d+)$/,
    unknown: empty("wer hat angerufen"),
    found: (caller, asked) =>
      html(
        `${asked} // ${caller.reports} Bewertungen`,
        `<span class="rating">Bewertung: ${decimal(stars(caller))} Sterne</span>`,
      ),
  },
  wemgehoert: {
    number: /\/nummer\/(\d+)/,
    unknown: empty("wem gehört"),
    found: ({ score = 5, reports = 0 }) =>
      html(
        "wem gehört",
        `<div id="progress-bar-inner" style="width: ${(score - 1) * 12.5}%">${Math.round((score - 1) * 12.5)}</div><span id="count-comments">${reports}</span>`,
      ),
  },
  "wer-ruftan": {
    number: /\/Nummer\/(\d+)/,
    unknown: empty("wer ruft an"),
    found: ({ score = 5, reports = 0 }) => {
      const button = `${score >= 8 ? "red" : score >= 6 ? "orange" : "green"}Button`;
      return html(
        "wer ruft an",
        `<table class="numberTable">${repeat(reports, `<tr><td>x</td><td><span class="numberSign ${button}"></span></td></tr>`)}</table>`,
      );
    },
  },
  "anrufer-bewertung": {
    number: /\/(\d+)$/,
    unknown: empty("Anrufer-Bewertung"),
    found: ({ score = 5, reports = 0 }) => {
      const offset = score >= 7 ? -80 : score >= 4 ? -40 : 0;
      return html(
        "Anrufer-Bewertung",
        `<div class="mainproducttext">${repeat(reports, `<div style="background-position: 0px ${offset}px"></div>`)}</div>`,
      );
    },
  },
  "rueckwaertssuche-telefonbuch": {
    number: /\/(\d+)$/,
    unknown: empty("Rückwärtssuche"),
    found: ({ score = 5, reports = 0 }) => {
      const kind =
        score >= 9 ? "Telefonterror" : score >= 8 ? "Aggressive Werbung" : score >= 6 ? "Sonstiges" : "Seriöse Nummer";
      return html(
        "Rückwärtssuche",
        repeat(reports, `<div class="anruf"><h2><span class="calltype">${kind}</span></h2></div>`),
      );
    },
  },
  shouldianswer: {
    number: /[?&]q=%2B(\d+)/,
    unknown: () =>
      html(
        "Should I Answer",
        '<div class="mainInfo"><div class="mainInfoHeader"><div class="score unknown"></div></div></div>',
      ),
    found: ({ score = 5 }) => {
      const kind = score >= 6 ? "negative" : score <= 4 ? "positive" : "neutral";
      return html(
        "Should I Answer",
        `<div class="mainInfo"><div class="mainInfoHeader"><div class="scoreContainer"><div class="score ${kind}"></div></div><span>Telemarketing</span></div></div>`,
      );
    },
  },
};
