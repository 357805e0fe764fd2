// The one script that `vitrine serve` adds to pages: it draws the page anew when its bytes have changed, exchanges stylesheets
// without doing so, and shows what is wrong with the site. Published pages know nothing of it.
(() => {
  "use strict";
  const mine = `"${document.currentScript.src.split("?")[1]}"`;
  let source, board;

  // Is the page what the server would give now? It says so without drawing it, when it has drawn it before.
  async function check() {
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store", headers: { "If-None-Match": mine } });
      if (answer.status !== 304 && answer.headers.get("ETag") !== mine) location.reload();
    } catch { /* the server is away: the stream will say when it is back */ }
  }

  // [old, new, old, new …]: the old one stays until the new one has been read.
  function exchange(styles) {
    for (const link of document.querySelectorAll("link[rel~=stylesheet]")) {
      const at = styles.indexOf(new URL(link.href).pathname);
      if (at < 0 || at % 2) continue;
      const other = link.cloneNode();
      other.href = styles[at + 1];
      other.onload = other.onerror = () => link.remove();
      link.after(other);
    }
  }

  function element(name, properties, ...children) {
    const e = Object.assign(document.createElement(name), properties);
    e.append(...children);
    return e;
  }

  function show(problem) {
    board?.remove();
    board = null;
    if (!problem) return;
    board = element("vitrine-probleme");
    const close = element("button", { type: "button", textContent: problem.fermer, onclick: () => board.remove() });
    board.attachShadow({ mode: "open" }).append(
      element("link", { rel: "stylesheet", href: "/.vitrine/live.css" }),
      element("section", { role: "alert", lang: problem.langue },
        element("h2", { textContent: problem.titre }), close, element("pre", { textContent: problem.texte, tabIndex: 0 })));
    document.body.append(board);
  }

  function hear(event) {
    const message = JSON.parse(event.data);
    if (message.css) exchange(message.css); else check();
    show(document.documentElement.hasAttribute("data-vitrine-probleme") ? null : message.probleme);
  }

  // A browser opens few streams to one server: only tabs that are looked at have one; the others hear all when they come back.
  function listen() {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource("/.vitrine/live");
      source.onmessage = hear;
    }
  }
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => { source?.close(); source = null; });
  addEventListener("pageshow", listen);
})();
