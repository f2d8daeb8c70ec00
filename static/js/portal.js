/* The portal's behaviour: one file, delegated listeners, found by data attributes (templates/README.md).
   Every page works without it; it saves steps. No eval, no inline handlers: the CSP is script-src 'self'. */
(function () {
  "use strict";
  var $ = function (selector, root) { return (root || document).querySelector(selector); };
  var $$ = function (selector, root) { return Array.from((root || document).querySelectorAll(selector)); };

  /* What is said by script, in the reader's language: a page in another one than English brings a
     table (supportportal/script_words.py). %1 and %2 stand for what is put in. */
  var table = document.getElementById("script-words"), translated = table ? JSON.parse(table.textContent) : {};
  function inWords(sentence) {
    var values = arguments;
    return (translated[sentence] || sentence).replace(/%(\d)/g, function (_, number) { return values[number]; });
  }
  window.inWords = inWords;

  /* A refused form came back from an address that is no page: what is asked for anew is asked for at
     the page's own, and so is what is loaded again. */
  var page = $("meta[name=page]");
  if (page && page.content !== window.location.pathname + window.location.search) window.history.replaceState(null, "", page.content + window.location.hash);

  function clone(id) { return document.getElementById(id).content.cloneNode(true); }

  /* ── Clocks: covered time, once a minute, from figures the server gave ── */
  var DIALS = {
    risk: "M8 1.9 14.6 13.6H1.4zM8 6.2v3M8 11.5v.1",
    breach: "M3.5 14.5v-13M3.5 2.5h9l-2 3 2 3h-9"
  };
  var WORDS = {
    staff: { ok: "On track, ", risk: "At risk, ", breach: "Breached, " },
    customer: { ok: "On track", risk: "Due soon", breach: "Late" }
  };

  function spanChip(seconds) {
    var minutes = Math.floor(Math.abs(seconds) / 60), hours = Math.floor(minutes / 60), rest = minutes % 60;
    if (hours && rest) return hours + " h " + rest + " m";
    return hours ? hours + " h" : rest + " m";
  }

  function tick(chip) {
    var d = chip.dataset, rendered = Date.parse(d.now);
    if (!chip.seenAt) chip.seenAt = Date.now();
    /* The server's clock plus the whole minutes this page has been open: the reader's own clock
       may be wrong, and a chip must not jump a minute in its first second. */
    var now = rendered + Math.floor((Date.now() - chip.seenAt) / 60000) * 60000;
    var from = Math.max(Date.parse(d.countsFrom), rendered);
    var until = d.countsUntil ? Math.min(Date.parse(d.countsUntil), now) : now;
    var left = Number(d.left) - Math.max(until - from, 0) / 1000;
    var state = now > Date.parse(d.due) ? "breach" : d.risk && now >= Date.parse(d.risk) ? "risk" : "ok";
    var word = $(d.clock === "staff" ? ".visually-hidden" : ".sla__word", chip), time = $(".sla__time", chip);
    /* A page in another language brings its own words, in this order. */
    if (word) word.textContent = d.words ? d.words.split("|")[["ok", "risk", "breach"].indexOf(state)] : WORDS[d.clock][state];
    if (time) time.textContent = spanChip(left) + (state === "breach" ? " over" : " left");
    if (!chip.classList.contains("sla--" + state)) {
      chip.classList.remove("sla--ok", "sla--risk", "sla--breach");
      chip.classList.add("sla--" + state);
      drawDial($(".sla__dial", chip), DIALS[state]);
    } else if (state === "ok" && Number(d.target)) {
      var share = Math.round(100 * Math.min(Math.max(left / Number(d.target), 0), 1));
      $(".sla__dial circle:not(.track)", chip).setAttribute("stroke-dasharray", share + " 100");
    }
  }
  function drawDial(dial, path) {
    var shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    var look = { d: path, fill: "none", stroke: "currentColor", "stroke-width": "1.7", "stroke-linejoin": "round", "stroke-linecap": "round" };
    Object.keys(look).forEach(function (name) { shape.setAttribute(name, look[name]); });
    dial.replaceChildren(shape);
  }
  function tickAll() { $$("[data-clock]").forEach(tick); }
  setInterval(tickAll, 60000);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) tickAll(); });

  /* ── Files: too many or too large is said before anything is sent ── */
  function fileSize(bytes) {
    var units = ["bytes", "KB", "MB", "GB"], step = 0;
    while (bytes >= 1024 && step < 3) { bytes /= 1024; step += 1; }
    return Number(bytes.toFixed(1)) + " " + units[step];
  }
  function showFiles(input) {
    var form = input.form, list = $("[data-uploads-list]", form);
    if (!list) return;
    var largest = Number(input.dataset.maxBytes), most = Number(input.dataset.maxCount), bad = 0;
    list.replaceChildren();
    Array.from(input.files).forEach(function (file, number) {
      var row = clone("upload-row"), item = $("li", row), state = $(".uploads__state", row), problem = "";
      if (largest && file.size > largest) problem = inWords("Larger than %1", fileSize(largest));
      if (!file.size) problem = inWords("The file is empty");
      if (most && number >= most) problem = inWords("More than %1 files", most);
      $(".uploads__name", row).textContent = file.name;
      state.textContent = problem ? inWords("%1. Remove it to send.", problem) : fileSize(file.size);
      item.classList.toggle("is-failed", Boolean(problem));
      var remove = $("button", row);
      remove.setAttribute("aria-label", inWords("Remove %1", file.name));
      remove.addEventListener("click", function () { removeFile(input, number); });
      list.append(row);
      if (problem) bad += 1;
    });
    list.hidden = !input.files.length;
    input.setCustomValidity(bad ? inWords("Remove the marked file first.") : "");
    list.toggleAttribute("data-failed", bad > 0);
  }
  function removeFile(input, number) {
    var kept = new DataTransfer();
    Array.from(input.files).forEach(function (file, at) { if (at !== number) kept.items.add(file); });
    input.files = kept.files;
    input.chosen = Array.from(kept.files);
    showFiles(input);
    input.focus();
  }
  function addFiles(input, files) {
    /* Where files are sent ahead (uploads.js) the form carries their keys instead. */
    if (input.sendAhead) { input.sendAhead(Array.from(files)); return; }
    var all = new DataTransfer(), names = new Set();
    (input.chosen || []).concat(Array.from(files)).forEach(function (file) {
      var key = file.name + "/" + file.size + "/" + file.lastModified;
      if (!names.has(key)) all.items.add(file);
      names.add(key);
    });
    input.files = all.files;
    input.chosen = Array.from(all.files);
    showFiles(input);
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-uploads] input[type=file]")) addFiles(event.target, event.target.files);
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var zone = event.target.closest && event.target.closest("[data-drop], .composer[data-uploads]");
      if (!zone || !event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
      event.preventDefault();
      var input = $("input[type=file]", zone);
      if (!input) { if (kind === "drop") say("No files can be added here"); return; }
      zone.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") addFiles(input, event.dataTransfer.files);
    });
  });

  /* ── Filing: what is ticked suggests how severe it is; versions follow the product ── */
  function suggest(name) {
    var ticked = $$("[data-suggests]:checked").filter(function (box) { return box.name === name; });
    /* The boxes stand in the order of severity, the worst first. */
    var radio = ticked.length && document.getElementById(ticked[0].dataset.suggests);
    if (!radio || radio.checked) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function showVersions(select) {
    var product = document.getElementById(select.dataset.versionsOf), chosen = product.selectedOptions[0];
    $$("optgroup", select).forEach(function (group) {
      var fits = !product.value || group.label === chosen.textContent.trim();
      group.hidden = group.disabled = !fits;
      if (!fits && group.contains(select.selectedOptions[0])) select.value = "";
    });
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-suggests]")) suggest(event.target.name);
    if (event.target.matches("[data-product]")) $$("[data-versions-of]").forEach(showVersions);
  });

  /* ── Sending: once, and only after a question where it matters ── */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-confirm]");
    if (!button || button.dataset.confirmed) { if (button) delete button.dataset.confirmed; return; }
    event.preventDefault();
    event.stopPropagation();
    button.dataset.asking = "yes";
    ask(button.dataset.confirm, button.textContent.trim(), function () { button.dataset.confirmed = "yes"; button.click(); }, function () { delete button.dataset.asking; });
  }, true);
  function ask(question, action, goAhead, isOver) {
    var dialog = $("dialog", clone("ask"));
    $("p", dialog).textContent = question;
    $("[value=yes]", dialog).textContent = action;
    document.body.append(dialog);
    dialog.addEventListener("close", function () {
      var said = dialog.returnValue;
      dialog.remove();
      isOver();
      if (said === "yes") goAhead();
    });
    dialog.showModal();
  }
  /* Never into a dead network: the browser's own error page would take the place of what was typed.
     A form is let go once the server has answered; before any other listener, so that none of them
     believes it was sent. */
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (form.method !== "post" || form.hasAttribute("hx-post") || form.dataset.reached || form.dataset.sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.reaching) return;
    form.dataset.reaching = "yes";
    var limit = new AbortController(), timer = setTimeout(function () { limit.abort(); }, 8000);
    fetch("/health/live/", { cache: "no-store", signal: limit.signal }).then(function (answer) {
      if (!answer.ok) throw new Error("not reached");
      sayUnsent(form, false);
      form.dataset.reached = "yes";
      form.requestSubmit(button && button.form === form ? button : undefined);
    }).catch(function () { sayUnsent(form, true); }).finally(function () {
      clearTimeout(timer);
      delete form.dataset.reaching;
      delete form.dataset.reached;
    });
  }, true);
  function sayUnsent(form, isUnsent) {
    var said = $(".unsent", form);
    if (said) said.remove();
    if (!isUnsent) return;
    said = document.createElement("p");
    said.className = "unsent";
    said.setAttribute("role", "alert");
    said.textContent = inWords("No connection: nothing was sent. What you typed is still here; send it again when you are back.");
    form.append(said);
    said.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    /* A download leaves the page where it is, so nothing would free the button again. */
    if (form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("data-download")) return;
    form.dataset.sending = "yes";
    /* After the browser has read the form: a disabled button would not send its value. */
    setTimeout(function () { $$("button:not([type=button])", form).forEach(function (button) { button.disabled = true; }); }, 0);
    /* Nothing tells of the browser's own Stop: who is still here by then may press again. */
    setTimeout(release, 30000, form);
  });
  function release(form) {
    delete form.dataset.sending;
    $$("button:disabled:not([type=button])", form).forEach(function (button) { button.disabled = button.hasAttribute("data-no-default"); });
  }
  /* Long words that no draft keeps are not left behind without a question. */
  window.addEventListener("beforeunload", function (event) {
    if ($("form[data-sending]")) return;
    var isWritten = $$("form[data-asks-to-leave] textarea").some(function (field) { return field.value.trim() && field.value !== field.defaultValue; });
    if (isWritten) event.preventDefault();
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) $$("form[data-sending]").forEach(release); });

  /* ── The theme, where it can be chosen: the way it is said on the profile page ── */
  function showTheme() {
    $$("[data-theme-choice]").forEach(function (input) { input.checked = input.value === (window.portalTheme.choice() || ""); });
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-theme-choice]")) window.portalTheme.choose(event.target.value);
  });
  showTheme();

  /* ── Clicks ── */
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-theme-toggle]")) { window.portalTheme.toggle(); showTheme(); }
    if (event.target.closest("[data-reload]")) window.location.reload();
    if (event.target.closest("[data-refresh-queue]")) refreshQueue();
    if (event.target.closest("[data-keys-toggle]")) toggleKeys();
    if (event.target.closest("[data-unselect]")) { selectAll(false); $(".queue [data-select-all]").focus(); }
    var copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) navigator.clipboard.writeText(copy.dataset.copy).then(function () { say(inWords("Copied")); });
    $$("details.why[open]").forEach(function (why) { if (!why.contains(event.target)) why.open = false; });
  });
  function say(words) {
    var place = $("#said");
    place.textContent = words;
    place.classList.add("is-shown");
    setTimeout(function () { place.classList.remove("is-shown"); place.textContent = ""; }, 2500);
  }

  /* ── Keys: Ctrl+Enter sends; in the queue J, K, X and Enter, which can be switched off (WCAG 2.1.4) ── */
  function keysAreOn() { try { return localStorage.getItem("keys") !== "off"; } catch (e) { return true; } }
  function showKeys() {
    $$("[data-keys-toggle]").forEach(function (button) { button.setAttribute("aria-pressed", String(keysAreOn())); });
  }
  function toggleKeys() {
    try { localStorage.setItem("keys", keysAreOn() ? "off" : "on"); } catch (e) { /* stays as it is */ }
    showKeys();
  }
  function rows() { return $$(".queue tbody tr[data-row]"); }
  function moveCursor(by) {
    var all = rows(), at = all.findIndex(function (row) { return row.classList.contains("is-cursor"); });
    if (!all.length) return;
    var next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    all.forEach(function (row) { row.classList.toggle("is-cursor", row === next); });
    next.scrollIntoView({ block: "nearest" });
    $("a", next).focus({ preventScroll: true });
  }
  function select(row, on) {
    $("input[type=checkbox]", row).checked = on;
    showSelection();
  }
  function selectAll(on) {
    rows().forEach(function (row) { $("input[type=checkbox]", row).checked = on; });
    showSelection();
  }
  function showSelection() {
    var said = $("[data-selected]"), all = rows(), chosen = all.filter(function (row) { return $("input[type=checkbox]:checked", row); });
    if (!said) return;
    all.forEach(function (row) { row.setAttribute("aria-selected", String(chosen.includes(row))); });
    said.textContent = chosen.length + " selected";
    /* The box above all rows is sent too: it says what the rows say. */
    var whole = $("[data-select-all]");
    whole.checked = all.length > 0 && chosen.length === all.length;
    whole.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  document.addEventListener("change", function (event) {
    var row = event.target.closest("tr[data-row]");
    if (row && event.target.type === "checkbox") select(row, event.target.checked);
    if (event.target.matches("[data-select-all]")) selectAll(event.target.checked);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      var form = event.target.closest("form[data-send-keys]");
      if (form) { event.preventDefault(); form.requestSubmit(visibleButton(form)); }
      return;
    }
    if (event.key === "Enter" && event.target.matches("input") && event.target.form && $("[data-no-default]", event.target.form)) {
      /* A field that a button of the bar unfolds is that button's own. A box is nobody's; browsers
         look past the disabled button for it. */
      var isBox = event.target.matches("[type=checkbox], [type=radio]"), unfolded = event.target.closest(".bulkbar .why__pop");
      if (isBox || unfolded) event.preventDefault();
      if (!isBox && unfolded) event.target.form.requestSubmit($("button[type=submit]", unfolded));
      return;
    }
    if (event.key === "Escape") {
      $$("details.why[open]").forEach(function (why) { why.open = false; $("summary", why).focus(); });
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || !keysAreOn() || $("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    var cursor = $(".queue tr.is-cursor");
    if (event.key === "j") moveCursor(1);
    if (event.key === "k") moveCursor(-1);
    var box = cursor && $("input[type=checkbox]", cursor);
    if (event.key === "x" && box) {
      select(cursor, !box.checked);
      /* The bar of what is chosen goes with the last one, and may hold the focus. */
      if (!$(".queue tr[aria-selected=true]") && $(".bulkbar:focus-within")) $("a", cursor).focus({ preventScroll: true });
    }
  });
  /* The queue anew, as it stands at this address: what is chosen, the cursor and the place stay. */
  var RENEWED = ["nav[aria-label=Main]", "nav.views", ".queue thead", ".queue tbody", "[name=drawn_at]", "#queue-news", "#queue-pages", "#queue-match"];
  function numberOf(row) { return $(".queue__title a", row).getAttribute("href"); }
  function refreshQueue() {
    var chosen = new Set(rows().filter(function (row) { return $("input[type=checkbox]:checked", row); }).map(numberOf));
    var cursor = $(".queue tr.is-cursor"), at = cursor && numberOf(cursor), scrolled = window.scrollY;
    fetch(window.location.href, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error("not the queue");
      return answer.text();
    }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html");
      if (!$(".queue", fresh) || !$(".queue")) { window.location.reload(); return; }
      RENEWED.forEach(function (place) {
        var old = $(place), renewed = $(place, fresh);
        if (old && renewed) old.replaceWith(document.adoptNode(renewed));
      });
      window.htmx.process($("#queue-news"));
      rows().forEach(function (row) {
        var box = $("input[type=checkbox]", row);
        if (box) box.checked = chosen.has(numberOf(row));
        row.classList.toggle("is-cursor", numberOf(row) === at);
      });
      tickAll();
      showSelection();
      document.dispatchEvent(new Event("portal:renewed"));
      window.scrollTo(0, scrolled);
      var focus = $(".queue tr.is-cursor a") || document.getElementById("main");
      focus.focus({ preventScroll: true });
      say("The queue is up to date");
    }).catch(sayLost);
  }
  /* The main button of the side that shows: the reply's, or the note's. */
  function visibleButton(form) {
    var shown = $$("button[type=submit]:not([data-draft-discard])", form).filter(function (button) { return button.offsetParent !== null; });
    return shown.find(function (button) { return button.classList.contains("btn-primary"); }) || shown[shown.length - 1];
  }

  /* ── Text that was kept while somebody was signed out goes back where it is missing ── */
  function giveBack() {
    var data = document.getElementById("kept-text");
    if (!data) return;
    var kept = JSON.parse(data.textContent);
    var forms = $$("main form").filter(function (form) { return form.method === "post"; });
    var form = forms.find(function (each) { return new URL(each.action).pathname === kept.action; }) || forms.find(function (each) {
      return Object.keys(kept.fields).some(function (name) { return each.elements.namedItem(name); });
    });
    if (!form) return;
    /* Of a form with drafts the server has decided already which text is the newer one. */
    var hasDraft = form.hasAttribute("data-draft"), clicked, hasWords = false;
    Object.keys(kept.fields).forEach(function (name) {
      var values = kept.fields[name], at = 0;
      $$("[name]", form).filter(function (field) { return field.name === name; }).forEach(function (field) {
        if (field.type === "submit") {
          if (values.includes(field.value)) clicked = field;
          return;
        }
        var before = stateOf(field);
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else if (field.tagName === "SELECT") $$("option", field).forEach(function (option) { if (field.multiple || values.includes(option.value)) option.selected = values.includes(option.value); });
        else if (field.type !== "hidden" && field.type !== "file" && (!field.value || !hasDraft)) field.value = values[at++] || "";
        else return;
        hasWords = hasWords || stateOf(field) !== before;
        /* What was typed is seen again where it was typed. */
        if (field.matches("textarea, [type=text]") && field.value) for (var fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      });
    });
    showSelection();
    /* Of a form that one click fills in, the click goes on by itself; words are read again first. */
    if (clicked && !hasWords && form.hasAttribute("data-one-click") && isFirstTime(kept)) form.requestSubmit(clicked);
  }
  function stateOf(field) { return field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value; }
  /* Once only: what is refused again and again would never show the page. */
  function isFirstTime(kept) {
    var mark = "sent-again " + kept.action;
    try {
      if (sessionStorage.getItem(mark) === String(kept.at)) return false;
      sessionStorage.setItem(mark, kept.at);
      return true;
    } catch (error) { return false; }
  }

  /* ── htmx ── */
  document.addEventListener("htmx:configRequest", function (event) {
    var token = $("meta[name=csrf-token]");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) { document.addEventListener(name, sayLost); });
  /* What is asked for once, when a fold is opened, is asked for again if it did not come. */
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var part = event.detail.elt, wish = part.getAttribute("hx-trigger") || "";
      if (!part.isConnected || wish.indexOf("toggle from:closest details once") !== 0) return;
      var again = part.cloneNode(true);
      again.classList.remove("htmx-request");
      part.replaceWith(again);
      window.htmx.process(again);
    });
  });
  document.addEventListener("htmx:responseError", function (event) { if (event.detail.xhr.status >= 500) sayLost(); });
  function sayLost() { $("#notices") && $("#notices").replaceChildren(clone("connection-lost")); }
  /* A part that asks by itself and meets the sign-in page leads the whole page there, but never away
     from words that are typed: their own form keeps them on its way (accounts.kept_text). */
  function holdsWords(asking) {
    return $$("main :is(textarea, select, input:not([type=hidden], [type=search]))").some(function (field) {
      if (asking.contains(field)) return false;
      if (field.matches("select")) return field.selectedIndex !== Math.max(0, Array.from(field.options).findIndex(function (one) { return one.defaultSelected; }));
      return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
    });
  }
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    var leads = event.detail.requestConfig.verb === "get" && event.detail.xhr.getResponseHeader("HX-Redirect");
    if (!leads || !holdsWords(event.detail.elt)) return;
    event.preventDefault();
    if ($("#notices") && !$("#notices [data-signed-out]")) $("#notices").replaceChildren(clone("signed-out"));
  });
  document.addEventListener("htmx:beforeRequest", function (event) { if (!event.detail.elt.hasAttribute("data-quiet")) $("#loading").classList.add("is-on"); });
  document.addEventListener("htmx:afterRequest", function (event) {
    $("#loading").classList.remove("is-on");
    /* What was asked for got through: what was said of the connection, or of the session, is over. */
    var isThrough = event.detail.successful && !event.detail.xhr.getResponseHeader("HX-Redirect");
    if (isThrough && !event.detail.elt.hasAttribute("data-quiet")) $$("#notices > .notice--stays").forEach(function (one) { one.remove(); });
  });
  document.addEventListener("htmx:load", function (event) { $$("[data-clock]", event.detail.elt).forEach(tick); focusWanted(event.detail.elt); });

  /* An explanation that was open stays open when its place is renewed. */
  var unfolded = [];
  function placeOf(why) {
    return ["for", "kind"].map(function (name) {
      var place = why.closest("[data-" + name + "]");
      return place ? place.dataset[name] : "";
    }).join("/");
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    unfolded = $$("details.why[open]", event.detail.target).map(function (why) {
      return { place: placeOf(why), hadFocus: why.contains(document.activeElement) };
    });
  });
  document.addEventListener("htmx:load", function (event) {
    unfolded.forEach(function (was) {
      var why = $$("details.why", event.detail.elt).find(function (each) { return placeOf(each) === was.place; });
      if (!why) return;
      why.open = true;
      if (was.hadFocus) $("summary", why).focus({ preventScroll: true });
    });
  });

  function focusWanted(root) { var wanted = $("[data-focus]", root); if (wanted) wanted.focus(); }

  /* Whoever is new here is offered the zone their browser is in. */
  $$("select[data-own-zone]").forEach(function (select) {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ($$("option", select).some(function (option) { return option.value === zone; })) select.value = zone;
  });
  giveBack();
  $$("[data-versions-of]").forEach(showVersions);
  tickAll();
  showKeys();
  showSelection();
  focusWanted(document);
})();
