import { html, raw } from './html.js'

const day = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** The book with its newest entries, a form to write in it, and what is known of the visit. */
export function bookPage({ visit, entries, total, draft }) {
  return layout(
    'Guestbook',
    html`<div class="columns">
      <main>${form(draft)} ${list(entries, total)}</main>
      <aside>${visitCard(visit)} ${clockCard()} ${echoCard()}</aside>
    </div>`,
  )
}

export function failurePage(status, words) {
  return layout(
    `Guestbook: ${status}`,
    html`<main class="card failure">
      <p class="number">${status}</p>
      <h2>${words}</h2>
      <p><a class="button" href="/">Back to the book</a></p>
    </main>`,
  )
}

function layout(title, content) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="icon" href="/static/quill.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/static/style.css">
    <script type="module" src="/static/page.js"></script>
  </head>
  <body>
    <header>
      <img src="/static/quill.svg" alt="" width="56" height="56">
      <div>
        <h1><a href="/">Guestbook</a></h1>
        <p>Glad you came by. Leave a few words, or a picture, for whoever comes next.</p>
      </div>
    </header>
    ${content}
  </body>
</html>
`.text
}

function form({ name = '', message = '', complaint } = {}) {
  return html`<form class="card" method="post" action="/entries" enctype="multipart/form-data">
    <h2>Sign the book</h2>
    ${complaint ? html`<p class="complaint" role="alert">${complaint}</p>` : ''}
    <label for="name">Your name</label>
    <input id="name" name="name" required maxlength="60" autocomplete="name" value="${name}">
    <label for="message">Your words</label>
    <textarea id="message" name="message" required maxlength="1000" rows="4">${message}</textarea>
    <div class="row">
      <label class="file" for="picture">Picture <span>PNG, JPEG, GIF or WebP, up to 2 MB</span></label>
      <input id="picture" name="picture" type="file" accept="image/png,image/jpeg,image/gif,image/webp">
      <button>Sign</button>
    </div>
  </form>`
}

function list(entries, total) {
  if (total === 0) return html`<p class="card empty">The first page is still blank. It could be yours.</p>`
  const heading = total === 1 ? '1 entry' : `${total} entries`
  const more = total > entries.length ? html`<p class="more">These are the newest ${entries.length}.</p>` : ''
  return html`<section aria-label="Entries">
    <h2 class="count">${heading}</h2>
    ${entries.map(card)} ${more}
  </section>`
}

function card({ id, at, name, message, picture, worker }) {
  const initial = Array.from(name)[0]?.toLocaleUpperCase('en') ?? '?'
  return html`<article class="card entry" id="entry-${id}">
    <span class="initial tint-${tint(name)}" aria-hidden="true">${initial}</span>
    <div>
      <h3>${name}</h3>
      <p class="note"><time datetime="${at}">${day.format(new Date(at))} UTC</time> · taken down by process ${worker}</p>
      <p class="message">${message}</p>
      ${picture ? html`<img class="picture" src="/pictures/${picture}" alt="A picture from ${name}" loading="lazy">` : ''}
    </div>
  </article>`
}

function tint(name) {
  return Array.from(name).reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6
}

function visitCard({ address, protocol, host, worker }) {
  return html`<section class="card" id="visit">
    <h2>Your visit</h2>
    <dl>
      <dt>You come from</dt><dd data-visit="address">${address ?? 'an unknown address'}</dd>
      <dt>You came by</dt><dd data-visit="protocol">${protocol}</dd>
      <dt>You asked for</dt><dd data-visit="host">${host ?? ''}</dd>
      <dt>You were served by</dt><dd>process <span data-visit="worker">${worker}</span></dd>
    </dl>
    <p class="note"><button class="quiet" id="ask-again" type="button" hidden>Ask again</button> <a href="/whoami">as JSON</a></p>
  </section>`
}

function clockCard() {
  return html`<section class="card">
    <h2>The clock in the hall</h2>
    <p class="clock" id="clock" aria-live="off">${raw('&ndash;&ndash;:&ndash;&ndash;:&ndash;&ndash;')}</p>
    <p class="note" id="clock-note">An event stream, one tick a second.</p>
  </section>`
}

function echoCard() {
  return html`<section class="card">
    <h2>The echo</h2>
    <form class="row" id="echo">
      <input name="words" aria-label="Words to call" maxlength="200" value="Hello?" autocomplete="off">
      <button class="quiet">Call</button>
    </form>
    <p class="echoed" id="echoed" aria-live="polite"></p>
    <p class="note">A WebSocket that answers with your own words.</p>
  </section>`
}
