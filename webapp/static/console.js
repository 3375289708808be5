// Comfort only: every page works without this file.
(() => {
  "use strict";
  const on = (type, act) => document.addEventListener(type, act);
  const up = (event, selector) => event.target.closest?.(selector);

  // Copy buttons name the element whose text they copy.
  on("click", (event) => {
    const button = up(event, "[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    navigator.clipboard?.writeText(source.innerText.trim()).then(() => {
      const before = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = before; }, 1500);
    });
  });

  // A time shows the site's zone, its tooltip the reader's own and UTC.
  const tellTimes = () => document.querySelectorAll("time[datetime]:not([title])").forEach((time) => {
    const at = new Date(time.dateTime);
    if (!isNaN(at)) time.title = `${at.toLocaleString()} for you · ${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  });

  // A form that was typed in, or came back as typed, warns before it is left, also for another form.
  const dirty = new Set();
  on("input", (event) => dirty.add(up(event, "form[data-guard]")));
  on("submit", (event) => dirty.delete(event.target));
  addEventListener("beforeunload", (event) => { dirty.delete(null); if (dirty.size) event.preventDefault(); });

  // One line in a field that grows: Enter sends its form, as in others.
  on("keydown", (event) => {
    const line = up(event, "[data-line]");
    if (!line || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    line.form.requestSubmit();
  });

  // Shortcuts: / finds, ? helps, g and a letter goes. Settings can switch them off (WCAG 2.1.4).
  let went = 0;
  on("keydown", (event) => {
    const page = document.body.dataset;
    if (page.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey || up(event, "input,select,textarea")) return;
    const find = document.getElementById("find") || document.getElementById("search");
    if (event.key === "/" && find) { event.preventDefault(); find.focus(); }
    if (event.key === "?") location.href = "/help/shortcuts";
    if (Date.now() - went < 1200) document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
    went = event.key === "g" ? Date.now() : 0;
  });

  // An answer that never came, or a refusal, changes nothing: it is said, and can be asked for again.
  let asking;
  const tellLost = (event) => {
    asking = event.target;
    document.getElementById("lost").hidden = event.detail.ctx?.response?.status < 400 && event.type !== "htmx:error";
  };
  on("htmx:error", tellLost);
  on("htmx:after:request", tellLost);
  on("click", (event) => { if (up(event, "#lost button")) asking.dispatchEvent(new Event("retry")); });

  // Two sides of a form that follow each other: an answer takes nothing away that is typed in the other one.
  on("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    const typedIn = document.activeElement.closest("[data-hold]");
    if (typedIn && typedIn !== ctx.sourceElement && tasks.some(({ target }) => target === typedIn)) event.preventDefault();
  });

  // What a page asks for: focus, once.
  const ready = () => {
    tellTimes();
    document.querySelectorAll("[data-guard=typed]").forEach((form) => dirty.add(form));
    const asked = document.querySelector("[data-focus]");
    asked?.focus();
    asked?.removeAttribute("data-focus");
  };
  on("DOMContentLoaded", ready);
  on("htmx:after:swap", ready);
})();
