/* The palette of commands, shortcuts, and a focus that no swap loses. Everything here is reached by
   mouse too; without this file the palette's button is a link to the search. */
(function () {
  "use strict";
  var $ = function (selector, root) { return (root || document).querySelector(selector); };
  var palette = $("#palette"), sheet = $("#keys-sheet");
  function keysAreOn() { try { return localStorage.getItem("keys") !== "off"; } catch (e) { return true; } }

  /* ── The palette: a combobox over a list the server draws ── */
  var field = palette && $("[role=combobox]", palette);
  function openPalette() {
    if (!palette || palette.open) return;
    palette.showModal();
    field.value = "";
    field.focus();
    htmx.trigger(field, "palette");
  }
  function options() { return Array.from(palette.querySelectorAll("[role=option]")); }
  function choose(option) {
    options().forEach(function (one) { one.setAttribute("aria-selected", String(one === option)); });
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function chosen() { return $("[aria-selected=true]", palette); }
  if (palette) {
    field.addEventListener("keydown", function (event) {
      var all = options(), at = all.indexOf(chosen());
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (all.length) choose(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
      }
      /* What is drawn may answer an earlier word: then the form goes to the search. */
      if (event.key === "Enter" && chosen() && !palette.dataset.stale) { event.preventDefault(); chosen().click(); }
    });
    field.addEventListener("input", function () { palette.dataset.stale = "yes"; });
    palette.addEventListener("htmx:afterSwap", function () { delete palette.dataset.stale; choose(options()[0]); });
    palette.addEventListener("click", function (event) {
      if (event.target === palette) palette.close();
      var key = event.target.closest("[data-press]");
      if (key) { palette.close(); press(key.dataset.press); return; }
      if (event.target.closest("a[role=option]") && !event.ctrlKey && !event.metaKey) palette.close();
    });
    document.addEventListener("click", function (event) {
      var opener = event.target.closest("[data-palette-open]");
      if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openPalette();
    });
  }

  /* ── Keys: what stands on the page says by data-key which one it hears ── */
  var HEARD = ["?", "t", "r", "n", "a", "s", "v", "e", "u", "j", "k"];
  function press(key) {
    if (key === "?" && sheet) { sheet.showModal(); return true; }
    var row = $(".queue tr.is-cursor");
    if (["t", "a", "s"].includes(key) && rows()) {
      if (row && !$("input[type=checkbox]", row).checked) $("input[type=checkbox]", row).click();
      if (!$(".queue input[name=ticket]:checked")) return false;
    }
    /* Of what can be undone the newest is. */
    var all = document.querySelectorAll('[data-key="' + CSS.escape(key) + '"]'), heard = all[key === "u" ? all.length - 1 : 0];
    if (!heard) return false;
    if (heard.matches("summary")) return unfold(heard);
    if (heard.matches("textarea, input:not([type=radio])")) heard.focus();
    else heard.click();
    var next = heard.dataset.keyFocus && document.getElementById(heard.dataset.keyFocus);
    if (next) next.focus();
    return true;
  }
  /* A form that is folded away: opened, and ready to be filled in. */
  function unfold(summary) {
    var box = summary.parentElement;
    if (!box.open) summary.click();
    if (enter(box)) return true;
    summary.focus();
    /* It is fetched: whoever waits for it goes on in it. */
    box.addEventListener("htmx:afterSwap", function () { if (document.activeElement === summary) enter(box); }, { once: true });
    return true;
  }
  function enter(box) {
    var field = Array.from(box.querySelectorAll("input:not([type=hidden]), select, textarea")).find(function (each) { return each.offsetParent; });
    if (field) field.focus();
    return field;
  }
  function rows() { return $(".queue input[name=ticket]"); }
  function search() {
    var box = $("main input[type=search]");
    if (box && box.offsetParent) { box.focus(); box.select(); } else openPalette();
  }
  var goesUntil = 0;
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (palette) { event.preventDefault(); openPalette(); }
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || !keysAreOn() || $("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    var goes = Date.now() < goesUntil ? $('[data-go="' + CSS.escape(event.key) + '"]') : null;
    goesUntil = event.key === "g" ? Date.now() + 1500 : 0;
    if (goes) { event.preventDefault(); goes.click(); return; }
    if (event.key === "/") { event.preventDefault(); search(); }
    else if (HEARD.includes(event.key) && press(event.key)) event.preventDefault();
  });

  /* ── Focus: who was in a part of the page that is renewed is there again afterwards ── */
  var held = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    var at = document.activeElement, target = event.detail.target;
    held = at && at !== document.body && target.contains(at) && target !== document.body
      ? { id: at.id, name: at.getAttribute("name"), href: at.getAttribute("href"), words: at.textContent, target: target, place: target.id } : null;
  });
  // As soon as the new part stands, not once it has settled: no key goes astray meanwhile, and
  // another part renewed in between does not make this one forget.
  document.addEventListener("htmx:afterSwap", function () {
    var was = held, now = document.activeElement;
    held = null;
    if (!was || (now && now !== document.body && now.isConnected)) return;
    var place = was.target.isConnected ? was.target : was.place && document.getElementById(was.place);
    var again = was.id && document.getElementById(was.id);
    if (!again && place && was.name) again = $('[name="' + CSS.escape(was.name) + '"]', place);
    if (!again && place && was.href) again = $('a[href="' + CSS.escape(was.href) + '"]', place);
    if (!again && place && was.words) again = Array.from(place.querySelectorAll("a, button, summary")).find(function (one) { return one.textContent === was.words; });
    again = again || place || $("#main");
    if (!again.matches("a, button, input, select, textarea, summary, [tabindex]")) again.setAttribute("tabindex", "-1");
    again.focus({ preventScroll: true });
  });
})();
