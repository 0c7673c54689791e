import type { SampleTranslation } from "../model.ts"

const de = (title: string, bodyHtml: string, draft = false): SampleTranslation => ({
  locale: "de",
  title,
  bodyHtml: bodyHtml.trim(),
  draft,
})

/** German translations, by article id. */
export const german: ReadonlyMap<number, SampleTranslation> = new Map([
  [
    4100000003,
    de(
      "Bestellung ändern oder stornieren",
      `
<p>Solange der Status <strong>Eingegangen</strong> lautet, können Sie eine Bestellung selbst stornieren oder ändern.</p>
<h2>Bestellung stornieren</h2>
<ol>
<li>Öffnen Sie <strong>Mein Konto &gt; Bestellungen</strong> und wählen Sie die Bestellung.</li>
<li>Wählen Sie <strong>Bestellung stornieren</strong> und bestätigen Sie.</li>
</ol>
<p>Der Betrag wird innerhalb von drei Werktagen erstattet. Sobald die Bestellung vorbereitet wird, ist eine Stornierung nicht mehr möglich; nehmen Sie dann das Paket nicht an oder schicken Sie es zurück.</p>`,
    ),
  ],
  [
    4100000007,
    de(
      "Lieferzeiten und Versandkosten",
      `
<p>Was an einem Werktag vor 13:00 Uhr bestellt wird und auf Lager ist, verlässt unser Lager noch am selben Tag.</p>
<table>
<thead><tr><th>Versandart</th><th>Lieferzeit</th><th>Kosten</th></tr></thead>
<tbody>
<tr><td>Standardpaket</td><td>2 bis 4 Werktage</td><td>4,90 Euro, ab 75 Euro kostenlos</td></tr>
<tr><td>Expresspaket</td><td>nächster Werktag</td><td>12,90 Euro</td></tr>
<tr><td>Fahrrad per Spedition</td><td>5 bis 8 Werktage</td><td>39 Euro, ab 1.500 Euro kostenlos</td></tr>
</tbody>
</table>
<p>An Sonn- und Feiertagen wird nicht geliefert.</p>`,
    ),
  ],
  [
    4100000022,
    de(
      "Artikel zurücksenden",
      `
<p>Unbenutzte Artikel können Sie innerhalb von <strong>60 Tagen</strong> nach der Lieferung zurückgeben.</p>
<h2>So geht die Rücksendung</h2>
<ol>
<li>Öffnen Sie <strong>Mein Konto &gt; Rücksendungen</strong> oder das Retourenportal.</li>
<li>Wählen Sie Artikel und Grund aus.</li>
<li>Drucken Sie das Rücksendeetikett oder zeigen Sie den QR-Code im Paketshop.</li>
</ol>
<h2>Kosten</h2>
<p>Retouren aus Deutschland, Österreich und den Niederlanden sind kostenlos. Aus anderen Ländern ziehen wir 6,90 Euro je Paket ab.</p>`,
    ),
  ],
  [
    4100000023,
    de(
      "Wann bekomme ich mein Geld zurück?",
      `
<p>Wir prüfen Rücksendungen innerhalb von <strong>fünf Werktagen</strong> nach dem Eintreffen und melden uns per E-Mail, sobald die Erstattung unterwegs ist.</p>
<ul>
<li>PayPal, Apple Pay, Google Pay: 1 bis 2 Tage</li>
<li>Kreditkarte: 3 bis 7 Tage, je nach Bank</li>
<li>Überweisung: 2 bis 3 Werktage</li>
<li>Geschenkkarte: neue Geschenkkarte per E-Mail am selben Tag</li>
</ul>`,
    ),
  ],
  [
    4100000028,
    de(
      "Garantie: was sie abdeckt und wie lange sie gilt",
      `
<table>
<thead><tr><th>Teil</th><th>Garantiezeit</th></tr></thead>
<tbody>
<tr><td>Rahmen und Starrgabeln</td><td>10 Jahre</td></tr>
<tr><td>Motor, Display und Akku</td><td>2 Jahre oder 500 Ladezyklen</td></tr>
<tr><td>Federung, Laufräder, Komponenten</td><td>2 Jahre</td></tr>
</tbody>
</table>
<p>Die Garantie gilt für Material- und Verarbeitungsfehler beim ersten Besitzer. Verschleiß wie Reifen, Ketten und Bremsbeläge ist ausgeschlossen.</p>`,
    ),
  ],
  [
    4100000032,
    de(
      "Passwort zurücksetzen",
      `
<p>Passwort vergessen oder keine Anmeldung möglich?</p>
<ol>
<li>Wählen Sie <strong>Anmelden &gt; Passwort vergessen</strong>.</li>
<li>Geben Sie die E-Mail-Adresse Ihres Kontos ein.</li>
<li>Öffnen Sie den Link in der E-Mail innerhalb von 60 Minuten und legen Sie ein neues Passwort fest.</li>
</ol>
<p>Nach fünf falschen Passwörtern ist die Anmeldung 30 Minuten gesperrt.</p>`,
    ),
  ],
  [
    4100000045,
    de(
      "E-Bike-Akku laden und lagern",
      `
<p>Laden Sie den Akku nur mit dem mitgelieferten Ladegerät, trocken und zwischen 10 und 30 °C. Eine volle Ladung des Akkus mit 540 Wh dauert etwa vier Stunden.</p>
<h2>Akku lädt nicht</h2>
<p>Prüfen Sie, ob die Kontakte sauber und trocken sind. Blinkt das Ladegerät rot, ist der Akku zu kalt oder zu warm: eine Stunde drinnen warten.</p>
<h2>Im Winter lagern</h2>
<p>Lagern Sie den Akku drinnen bei 30 bis 60 % Ladung und prüfen Sie ihn alle zwei Monate.</p>`,
    ),
  ],
  [
    4100000054,
    de(
      "Filialen und Öffnungszeiten",
      `
<ul>
<li>Hamburg, Elbkai 14: Montag bis Samstag 10:00 bis 19:00 Uhr</li>
<li>Wien, Lindengasse 40: Montag bis Freitag 10:00 bis 18:30 Uhr, Samstag bis 17:00 Uhr</li>
</ul>
<p>An Sonn- und Feiertagen sind alle Filialen geschlossen.</p>`,
    ),
  ],
  [4100000038, de("Was Larkspoke Care enthält", `<p>Übersetzung in Arbeit.</p>`, true)],
])
